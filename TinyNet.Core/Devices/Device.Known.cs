using System.Collections.Concurrent;

namespace TinyNet.Core;

// The one file that knows what devices there are: everything else of the contract knows none.
public abstract partial class Device
{
    /// <summary>The processor, at its widest vectors and with all its cores.</summary>
    public static CpuDevice Cpu { get; } = new();

    /// <summary>The device that defines what every operation means: plain loops in double precision.</summary>
    public static ReferenceDevice Reference { get; } = new();

    private static readonly ConcurrentDictionary<string, Kind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cpu"] = new(
            static name => Only("cpu", name, Cpu), static () => [new("cpu", $"{Cpu.Threads} threads, registers of {Widths()} bits")]),
        ["reference"] = new(
            static name => Only("reference", name, Reference),
            static () => [new("reference", "plain loops in double precision on one thread, the definition of every operation: slow")]),
    };

    [ThreadStatic]
    private static Device? _defaultOfThread;

    /// <summary>
    /// Replaces <see cref="Default"/> on this thread while it is set. The gradient check sets it, so that what it checks makes its tensors
    /// on the reference device.
    /// </summary>
    internal static Device? DefaultOfThread
    {
        get => _defaultOfThread;
        set => _defaultOfThread = value;
    }

    /// <summary>Where tensors are made when no device is named. Set it before models are built.</summary>
    public static Device Default
    {
        get => DefaultOfThread ?? field;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = Cpu;

    /// <summary>Makes a kind of device known to <see cref="Parse"/>.</summary>
    /// <param name="kind">What stands before the colon of a name: <c>cuda</c> in <c>cuda:0</c>.</param>
    /// <param name="create">Makes or finds the device of a full name.</param>
    /// <param name="list">
    /// What <see cref="Known"/> shows of the kind: each device, or what is missing for one; without it there is a line with its name.
    /// </param>
    public static void Register(string kind, Func<string, Device> create, Func<IReadOnlyList<DeviceDescription>>? list = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(create);
        Kinds[kind] = new(create, list ?? (() => [new(kind, "registered by the program")]));
    }

    /// <summary>All devices that can be asked for by name, and those for which something is missing; by their kinds in order.</summary>
    /// <exception cref="InvalidOperationException">What was registered to list devices gave none.</exception>
    public static IReadOnlyList<DeviceDescription> Known() =>
        [.. Kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal).SelectMany(kind => ListOf(kind.Key, kind.Value))];

    private static IReadOnlyList<DeviceDescription> ListOf(string kind, Kind registered) => registered.List()
        ?? throw new InvalidOperationException($"no list of devices of kind '{kind}': what was registered for it gave null; return a list");

    /// <summary>The device of a name such as <c>cpu</c>, <c>reference</c> or <c>cuda:0</c>.</summary>
    /// <exception cref="ArgumentException">Nobody registered such a device.</exception>
    public static Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string kind = name.Split(':')[0];
        if (Kinds.TryGetValue(kind, out var found))
        {
            return found.Create(name) ?? throw new InvalidOperationException(
                $"no device '{name}': what was registered for '{kind}' gave null; return a device");
        }

        string[] known = [.. Kinds.Keys.Order(StringComparer.Ordinal)];
        throw new ArgumentException(
            $"no device '{name}': nobody registered '{kind}'{Suggestion.For(kind, known)}; known are {string.Join(", ", known)}",
            nameof(name));
    }

    private static string Widths() => string.Join(", ", ((int[])[512, 256, 128, 32]).Where(CpuDevice.Supports));

    private static Device Only(string kind, string name, Device device) => string.Equals(kind, name, StringComparison.OrdinalIgnoreCase)
        ? device
        : throw new ArgumentException($"no device '{name}': there is only one of kind '{kind}'", nameof(name));

    /// <summary>A kind of device: how one is made of its name, and which there are.</summary>
    private sealed record Kind(Func<string, Device> Create, Func<IReadOnlyList<DeviceDescription>> List);
}
