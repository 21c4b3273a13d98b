namespace TinyNet.Core;

/// <summary>
/// A yes or no that is a field of a map, an operation, a reduction, an update or whatever else is handed to a device: a number, as
/// GPU compilers take no <see cref="bool"/> in the memory they share with the processor. It converts from and to bool by itself.
/// </summary>
public readonly record struct Flag
{
    private readonly int _value;

    private Flag(bool holds) => _value = holds ? 1 : 0;

    /// <summary>The flag of a bool.</summary>
    public static implicit operator Flag(bool holds) => new(holds);

    /// <summary>Whether the flag is set.</summary>
    public static implicit operator bool(Flag flag) => flag._value != 0;
}
