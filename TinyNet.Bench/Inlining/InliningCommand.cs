using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary><c>inlining</c>: looks at the compiled kernels for registers that pass through memory.</summary>
internal static class InliningCommand
{
    /// <summary>Tells a child process to compile only.</summary>
    private const string CompileOption = "--compile";

    private static Assembly[] Libraries => [typeof(Tensor).Assembly, typeof(Tape).Assembly, typeof(Dense).Assembly];

    public static Command Create()
    {
        var assembly = new Option<string?>("--assembly")
        {
            Description = "Look at the structs and methods of this assembly, which uses the libraries, instead of their own.",
            HelpName = "FILE",
        };
        var lanes = CommonOptions.Lanes(
            "The widths of the registers, in bits; all that the machine has by default.", ArgumentArity.OneOrMore);
        var spills = new Option<bool>("--spills") { Description = "List the inner loops that write registers to the stack." };
        var compile = new Option<bool>(CompileOption) { Hidden = true };
        var command = new Command("inlining",
            """
            Compile every method over lanes for every struct that it takes, at each width, and read the compiler's listing: a call that
            passes registers passes them through memory, which makes loops several times slower. Exit with 1 if there is any, but of
            methods that are marked NoInlining.
            """)
        { assembly, lanes, spills, compile };
        command.SetAction(parsed => CommandFailure.Guard(() =>
        {
            var only = parsed.GetValue(assembly) is { } file ? Load(file) : null;
            int[] widths = parsed.GetValue(lanes) is { Length: > 0 } chosen
                ? chosen
                : [.. CommonOptions.Widths.Where(width => width >= 128)];
            if (parsed.GetValue(compile))
            {
                new LaneMethods(Involved(only), LaneTypes.Of(widths[0])).Compile(only);
                return 0;
            }

            return widths.All(width => width >= 128)
                ? Run(only, widths, parsed.GetValue(spills))
                : throw new CommandFailure("one float travels in a register anyway: --lanes must be 512, 256 or 128");
        }));
        return command;
    }

    private static int Run(Assembly? only, IEnumerable<int> widths, bool showsSpills)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new CommandFailure("inlining reads listings of x64 alone");
        }

        if (Involved(only).FirstOrDefault(IsUnoptimized) is { } debug)
        {
            throw new CommandFailure($"{debug.GetName().Name} is a debug build: build it with -c Release");
        }

        int faults = 0;
        foreach (int width in widths)
        {
            // Without fused multiply-adds, which machines with wide registers all have, kernels are longer.
            foreach (bool fuses in width == 128 && Fused.IsAccelerated ? [true, false] : (bool[])[Fused.IsAccelerated])
            {
                var calls = new LaneCalls(Involved(only), LaneTypes.Of(width));
                string title = fuses ? $"{width} bits" : $"{width} bits without FMA";
                faults += Report(title, calls, Compiled(width, fuses, only, calls), showsSpills);
            }
        }

        return faults == 0 ? 0 : 1;
    }

    /// <summary>Prints what there is, and returns the number of methods that should have been inlined.</summary>
    private static int Report(string title, LaneCalls calls, List<CompiledMethod> methods, bool showsSpills)
    {
        var made = methods.SelectMany(method => method.Calls.Select(call => (method.Name, call.Callee, call.IsInLoop))).ToList();
        var faults = made.Where(call => calls.IsFault(call.Callee)).GroupBy(call => call.Callee).ToList();
        var spilling = methods.Where(method => method.Spills > 0).ToList();
        Console.WriteLine(
            $"{title}: {methods.Count} methods, {faults.Count} called with registers, {spilling.Count} with inner loops that spill");
        foreach (var fault in faults.OrderByDescending(fault => fault.Count()))
        {
            var (caller, _, isInLoop) = fault.OrderByDescending(call => call.IsInLoop).ThenBy(call => call.Name.Length).First();
            Console.WriteLine($"  {fault.Key}\n    {fault.Count()} calls, {(isInLoop ? "in a loop of" : "by")} {caller}");
        }

        var meant = made.Select(call => call.Callee).Where(calls.IsOnPurpose).Select(LaneCalls.NameOf).Distinct();
        foreach (string callee in meant.Order(StringComparer.Ordinal))
        {
            Console.WriteLine($"  on purpose: {callee}");
        }

        foreach (var method in spilling.Where(_ => showsSpills).OrderByDescending(method => method.Spills))
        {
            Console.WriteLine($"  {method.Spills} spills: {method.Name}");
        }

        return faults.Count;
    }

    /// <summary>The methods, as a child process compiles them on a machine that has no wider registers.</summary>
    private static List<CompiledMethod> Compiled(int width, bool fuses, Assembly? only, LaneCalls calls)
    {
        string listing = Path.GetTempFileName();
        try
        {
            var (program, arguments) = ChildProcess.Itself(
            [
                "inlining", CompileOption, "--lanes", width.ToString(CultureInfo.InvariantCulture),
                .. only is null ? Array.Empty<string>() : ["--assembly", only.Location],
            ]);
            int? exit = ChildProcess.Run(program, arguments, environment: new Dictionary<string, string?>
            {
                ["DOTNET_TieredCompilation"] = "0",
                ["DOTNET_JitDisasm"] = "*",
                ["DOTNET_JitStdOutFile"] = listing,
                ["DOTNET_EnableAVX512"] = width == 512 ? "1" : "0",
                ["DOTNET_EnableAVX2"] = fuses ? "1" : "0",
            });
            return exit == 0
                ? [.. CompiledMethod.Read(File.ReadLines(listing)).Where(method => calls.Knows(method.Name))]
                : throw new CommandFailure($"the methods for {width} bits were not compiled");
        }
        finally
        {
            File.Delete(listing);
        }
    }

    private static Assembly[] Involved(Assembly? only) => only is null ? Libraries : [.. Libraries, only];

    private static Assembly Load(string file)
    {
        try
        {
            return Assembly.LoadFrom(Path.GetFullPath(file));
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException)
        {
            throw new CommandFailure($"{file} is no assembly that can be read: {exception.Message}");
        }
    }

    private static bool IsUnoptimized(Assembly assembly) =>
        assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true;
}
