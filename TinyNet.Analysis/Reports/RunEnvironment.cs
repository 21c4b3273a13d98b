using System.Globalization;
using System.Runtime.InteropServices;
using TinyNet.Core;

namespace TinyNet.Analysis;

/// <summary>The machine and the programs that a run was made with.</summary>
internal static class RunEnvironment
{
    public static IReadOnlyList<(string Name, string Value)> Facts() =>
    [
        ("device", Device.Default.ToString()),
        ("processors", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
        ("architecture", RuntimeInformation.ProcessArchitecture.ToString()),
        ("system", RuntimeInformation.OSDescription),
        (".NET", RuntimeInformation.FrameworkDescription),
        ("TinyNet", typeof(Tensor).Assembly.GetName().Version?.ToString(3) ?? ""),
    ];
}
