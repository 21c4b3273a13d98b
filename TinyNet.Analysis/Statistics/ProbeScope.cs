namespace TinyNet.Analysis;

/// <summary>Whether a probe runs on this thread: what it does is no step of a training.</summary>
internal static class ProbeScope
{
    [ThreadStatic]
    private static int _depth;

    public static bool IsOpen => _depth > 0;

    public static void Enter() => _depth++;

    public static void Leave() => _depth--;
}
