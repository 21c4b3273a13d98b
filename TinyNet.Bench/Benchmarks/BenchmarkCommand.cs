using System.CommandLine;
using BenchmarkDotNet.Running;

namespace TinyNet.Bench;

/// <summary><c>benchmark</c>: the BenchmarkDotNet classes, with BenchmarkDotNet's own options.</summary>
internal static class BenchmarkCommand
{
    public static Command Create()
    {
        var options = new Argument<string[]>("OPTIONS")
        {
            Description = "Options of BenchmarkDotNet, as --filter '*MatrixProduct*' or --list flat; --help after -- shows them.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("benchmark", "Run the BenchmarkDotNet classes.") { options };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            // In this process: the build of a project of its own would take longer than most benchmarks.
            string[] arguments = ["--inProcess", .. parsed.UnmatchedTokens, .. parsed.GetValue(options) ?? []];
            BenchmarkSwitcher.FromAssembly(typeof(BenchmarkCommand).Assembly).Run(arguments);
        });
        return command;
    }
}
