namespace TinyNet.Bench;

/// <summary>A workload that both sides have run.</summary>
internal sealed record WorkloadRatio(Timing Peer, Timing TinyNet)
{
    public string Workload => TinyNet.Workload;

    /// <summary>The peer's time over TinyNet's: above 1, TinyNet is faster.</summary>
    public double Ratio => Peer.Minimum / TinyNet.Minimum;

    public double RatioOfMedians => Peer.Median / TinyNet.Median;
}

/// <summary>The workloads of TinyNet and of its peers, each side at its better number of threads.</summary>
internal sealed class RatioComparison
{
    private readonly Dictionary<string, Timing> _tinyNet = [];

    private readonly Dictionary<PeerLibrary, Dictionary<string, Timing>> _peers = [];

    /// <summary>What TinyNet has run, in its order.</summary>
    public IEnumerable<string> Workloads => _tinyNet.Keys;

    /// <summary>Those whose libraries have run something.</summary>
    public IEnumerable<Rival> Rivals => Rival.All.Where(rival => _peers.ContainsKey(rival.Library));

    /// <summary>What TinyNet needed for a workload.</summary>
    public Timing TinyNet(string workload) => _tinyNet[workload];

    /// <summary>Takes the lines that TinyNet wrote.</summary>
    public void AddTinyNet(IEnumerable<string> lines) => Add(_tinyNet, lines.Select(Timing.Parse));

    /// <summary>Takes the lines that a peer wrote.</summary>
    /// <param name="library">The peer.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="allocator">The allocator that it had, where it was not the system's.</param>
    public void AddPeer(PeerLibrary library, IEnumerable<string> lines, string? allocator = null)
    {
        if (!_peers.TryGetValue(library, out var side))
        {
            _peers.Add(library, side = []);
        }

        Add(side, lines.Select(line => Timing.Parse(line)?.With(allocator)));
    }

    /// <summary>What a rival and TinyNet have both run.</summary>
    public IReadOnlyList<WorkloadRatio> Ratios(Rival rival) =>
        [.. Workloads.Select(workload => Ratio(rival, workload)).OfType<WorkloadRatio>()];

    /// <summary>A workload that a rival and TinyNet have both run; null where one has not.</summary>
    public WorkloadRatio? Ratio(Rival rival, string workload)
    {
        var peer = _peers.GetValueOrDefault(rival.Library, []).Values
            .Where(timing => timing.BaseName == workload && (rival.AtBest || timing.Workload == workload))
            .MinBy(timing => timing.Minimum);
        return peer is not null && _tinyNet.TryGetValue(workload, out var own) ? new WorkloadRatio(peer, own) : null;
    }

    /// <summary>The workload on which TinyNet is slowest beside a rival; null where nothing can be compared.</summary>
    public WorkloadRatio? Worst(Rival rival) => Ratios(rival).MinBy(row => row.Ratio);

    public double GeometricMean(Rival rival) => Math.Exp(Ratios(rival).Average(row => Math.Log(row.Ratio)));

    /// <summary>What a rival should have run and has not.</summary>
    public IEnumerable<string> Missing(Rival rival) =>
        Workloads.Where(workload => Rival.Has(rival.Library, workload) && Ratio(rival, workload) is null);

    /// <summary>Whether all that was to be compared was compared with a rival, and its aims are met.</summary>
    public bool Reaches(Rival rival) => Worst(rival) is { } worst
        && !Missing(rival).Any()
        && worst.Ratio >= rival.LeastRatio
        && GeometricMean(rival) >= rival.LeastMean;

    private static void Add(Dictionary<string, Timing> side, IEnumerable<Timing?> timings)
    {
        foreach (var timing in timings.OfType<Timing>())
        {
            side[timing.Workload] = side.TryGetValue(timing.Workload, out var other) ? timing.BestOf(other) : timing;
        }
    }
}
