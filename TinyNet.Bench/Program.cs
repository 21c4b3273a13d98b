using System.CommandLine;
using System.CommandLine.Invocation;
using TinyNet.Bench;

Gpus.Register();
var root = new RootCommand("Measures, checks and documents TinyNet.")
{
    ConformanceCommand.Create(),
    FingerprintCommand.Create(),
    PeerCommand.Create(),
    RatioCommand.Create(),
    SoakCommand.Create(),
    GrowCommand.Create(),
    BenchmarkCommand.Create(),
    DocsCommand.Create(),
    LoaderCommand.Create(),
    MonitorCommand.Create(),
    CrashCommand.Create(),
    HuntCommand.Create(),
    InliningCommand.Create(),
    DevicesCommand.Create(),
};
foreach (var command in DeviceBenchmarkCommand.CreateAll(Console.Out))
{
    root.Add(command);
}

var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
return parsed.Action is ParseErrorAction ? CommandFailure.Report(parsed) : parsed.Invoke();
