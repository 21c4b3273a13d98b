namespace TinyNet.Tests;

/// <summary>
/// Tests that change or rely on what the whole process shares (default device, default random stream): alone, one after the other.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class GlobalState
{
    public const string Name = "global state";
}
