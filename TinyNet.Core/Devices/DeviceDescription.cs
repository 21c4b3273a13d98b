namespace TinyNet.Core;

/// <summary>A device as a list of them shows it: one that can be asked for, or what is missing for it.</summary>
/// <param name="Name">The name that <see cref="Device.Parse"/> takes.</param>
/// <param name="Details">What it is: threads, memory, driver; of one that is not there, the one thing that is missing.</param>
/// <param name="IsThere">Whether it can be asked for.</param>
public sealed record DeviceDescription(string Name, string Details, bool IsThere = true)
{
    // So wide are the names that are to be expected.
    private const int NameWidth = 10;

    /// <summary>A line of a list, with the details in a column.</summary>
    public override string ToString() => $"{Name.PadRight(NameWidth)}  {(IsThere ? "" : "not there: ")}{Details}";
}
