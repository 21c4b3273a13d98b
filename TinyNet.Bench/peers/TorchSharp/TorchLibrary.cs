using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TinyNet.Bench;

/// <summary>TorchSharp: libtorch, with MKL and oneDNN.</summary>
internal sealed class TorchLibrary : IPeerLibrary
{
    private const int Seed = 0, Steps = 50;

    // Of a result in float32 to one in float64, or of two ways to each other, in shares of the largest element; of losses, the difference.
    private const double Tolerance = 1e-5, LossTolerance = 5e-3;

    private static readonly TorchWorkload[] All =
    [
        .. TorchElementary.Workloads, .. TorchImages.Workloads, .. TorchSequences.Workloads, .. TorchTransformers.Workloads,
    ];

    public IEnumerable<string> Workloads => All.Select(workload => workload.Name);

    public void Load(int threads)
    {
        try
        {
            // As TorchSharp loads it; its own message would be a page that does not have the system's.
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, searchPath: null);
            set_num_threads(threads);
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException or NotSupportedException)
        {
            throw new PeerFailure(exception.Message.Contains("GLIBCXX", StringComparison.Ordinal)
                ? "libtorch needs a newer C++ runtime than this system has (libstdc++ of GCC 13, as in Debian 13 or Ubuntu 24.04): "
                    + "run it in such a system, --peer-command \"COMMAND\" of TinyNet.Bench -- ratio, "
                    + $"or leave it out, --peer onnxruntime. {Line(exception.Message, "GLIBCXX")}"
                : $"libtorch does not load: {exception.Message}");
        }
    }

    public Action Prepare(string workload) => Make(workload).Run;

    public PeerFinding Check(string workload)
    {
        var work = Make(workload);
        double[] losses = work.Loss is { } loss ? [.. Enumerable.Range(0, Steps + 1).Select(_ => loss())] : [];
        Tensor[] results = work.Results?.Invoke() ?? [];
        var findings = new List<PeerFinding> { work.Loss is null ? Judge(results, work) : JudgeLosses(losses) };
        if (workload.Split('#') is [var original, _])
        {
            var other = Make(original);
            double difference = other.Results is { } expected
                ? Error(results, expected())
                : losses.Max(value => Math.Abs(value - other.Loss!()));
            findings.Add(new PeerFinding(
                difference < (other.Loss is null ? Tolerance : LossTolerance), $"difference to {original} {difference:E1}"));
        }

        // Of a work that has not been in float64.
        findings.Add(JudgeMemory(Make(workload).Run));
        return new PeerFinding(
            findings.TrueForAll(finding => finding.IsRight), string.Join(", ", findings.Select(finding => finding.Text)));
    }

    private static TorchWork Make(string workload)
    {
        manual_seed(Seed);
        return All.First(known => known.Name == workload).Prepare();
    }

    private static PeerFinding JudgeLosses(double[] losses) => new(
        losses.All(double.IsFinite) && losses[^1] < losses[0],
        $"loss {losses[0]:F4}, after {Steps} steps {losses[^1]:F4}");

    private static PeerFinding Judge(Tensor[] results, TorchWork work)
    {
        if (work.Expected is null)
        {
            return new PeerFinding(results.All(result => result.isfinite().all().item<bool>()), "finite");
        }

        double error = Error(results, work.Expected());
        return new PeerFinding(error < Tolerance, $"error to float64 {error:E1}");
    }

    /// <summary>What is not disposed of stays until the collector finds it, and slows down what comes after.</summary>
    private static PeerFinding JudgeMemory(Action run)
    {
        run();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 10; i++)
        {
            run();
        }

        long left = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        return new PeerFinding(left == 0, $"tensors left by 10 runs {left}");
    }

    private static double Error(Tensor[] results, Tensor[] expected) => results.Zip(expected, (result, right) =>
        ((result.to(float64) - right.to(float64)).abs().max() / right.to(float64).abs().max()).item<double>()).Max();

    private static string Line(string message, string part) =>
        message.Split('\n').First(line => line.Contains(part, StringComparison.Ordinal)).Trim();
}
