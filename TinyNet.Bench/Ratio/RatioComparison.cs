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
    private readonly Dictionary<string, Timing> _peer = [], _tinyNet = [];

    /// <summary>What both sides have run, in TinyNet's order.</summary>
    public IReadOnlyList<WorkloadRatio> Ratios =>
        [
            .. _tinyNet.Values.Where(timing => _peer.ContainsKey(timing.Workload))
                .Select(timing => new WorkloadRatio(_peer[timing.Workload], timing)),
        ];

    /// <summary>What only the peer has run.</summary>
    public IEnumerable<string> MissingInTinyNet => _peer.Keys.Except(_tinyNet.Keys).Order(StringComparer.Ordinal);

    /// <summary>What only TinyNet has run.</summary>
    public IEnumerable<string> MissingInPeer => _tinyNet.Keys.Except(_peer.Keys).Order(StringComparer.Ordinal);

    /// <summary>The workload on which TinyNet is slowest beside its peer; null where nothing can be compared.</summary>
    public WorkloadRatio? Worst => Ratios.MinBy(row => row.Ratio);

    public double GeometricMean => Math.Exp(Ratios.Average(row => Math.Log(row.Ratio)));

    /// <summary>Takes what the peer wrote.</summary>
    public void AddPeer(IEnumerable<string> lines) => Add(_peer, lines);

    /// <summary>Takes what TinyNet wrote.</summary>
    public void AddTinyNet(IEnumerable<string> lines) => Add(_tinyNet, lines);

    /// <summary>Whether there is something to compare and no ratio is below the goal.</summary>
    public bool Reaches(double goal) => Worst is { } worst && worst.Ratio >= goal;

    private static void Add(Dictionary<string, Timing> side, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            if (Timing.Parse(line) is { } timing)
            {
                side[timing.Workload] = side.TryGetValue(timing.Workload, out var other) ? timing.BestOf(other) : timing;
            }
        }
    }
}
