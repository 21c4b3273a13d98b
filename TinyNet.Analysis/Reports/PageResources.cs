using System.Text;

namespace TinyNet.Analysis;

/// <summary>The files in the assembly that a page is made of.</summary>
internal static class PageResources
{
    /// <summary>The version of Apache ECharts.</summary>
    public const string EChartsVersion = "6.1.0";

    /// <summary>The SHA-256 of <c>dist/echarts.min.js</c> in the package echarts of npm, which is here unchanged, but compressed.</summary>
    public const string EChartsHash = "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0";

    /// <summary>What a file of text says.</summary>
    public static string Text(string name) => Encoding.UTF8.GetString(Bytes(name));

    /// <summary>The bytes of a file.</summary>
    public static byte[] Bytes(string name)
    {
        using var stream = typeof(PageResources).Assembly.GetManifestResourceStream("TinyNet.Analysis.Page." + name)
            ?? throw new InvalidOperationException($"the resource '{name}' is missing from this build of TinyNet.Analysis");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
