using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>The hash of what one case or one workload computes.</summary>
/// <param name="Family">The family of the case, or <c>peer</c>.</param>
/// <param name="Name">The name of the case or the workload.</param>
/// <param name="Hash">The hash, in hexadecimal.</param>
internal sealed record ResultHash(string Family, string Name, string Hash);

/// <summary>Hashes the bits of all results and gradients of cases and workloads.</summary>
internal static class ResultHashes
{
    private const string WorkloadFamily = "peer";

    /// <summary>The cases of a folder: outputs and gradients.</summary>
    public static IEnumerable<ResultHash> OfCases(string folder, Device device)
    {
        foreach (string file in ConformanceRunner.List(folder))
        {
            RandomStream.Reseed(0);
            var conformanceCase = ConformanceCase.Parse(File.ReadAllBytes(Path.Combine(folder, file)));
            yield return new ResultHash(conformanceCase.Family, conformanceCase.Name, OfCase(conformanceCase, device));
        }
    }

    /// <summary>The workloads that are also measured of other libraries: outputs, loss, gradients, and parameters after one step.</summary>
    public static IEnumerable<ResultHash> OfWorkloads(Device device)
    {
        Device.Default = device;
        foreach (var workload in Workload.All)
        {
            RandomStream.Reseed(0);
            yield return new ResultHash(WorkloadFamily, workload.Name, OfWork(workload.Prepare()));
        }
    }

    /// <summary>The hash of hashes, with the names.</summary>
    public static string Total(IEnumerable<ResultHash> hashes)
    {
        using var hash = new BitHash();
        foreach (var (family, name, value) in hashes)
        {
            hash.Add($"{family}/{name} {value}");
        }

        return hash.Take();
    }

    private static string OfCase(ConformanceCase conformanceCase, Device device)
    {
        using var hash = new BitHash();
        try
        {
            var replay = ReplayTable.Find(conformanceCase.Family, conformanceCase.Operation)
                ?? throw new NotCoveredException(conformanceCase.Operation);
            var (outputs, gradients) = CaseRun.Compute(replay, conformanceCase, device);
            foreach (var results in new[] { outputs, gradients })
            {
                foreach (var (name, (shape, values)) in results.OrderBy(result => result.Key, StringComparer.Ordinal))
                {
                    hash.Add(name);
                    hash.Add(shape, values);
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What cannot be computed has no bits.
            hash.Add(e.GetType().Name);
        }

        return hash.Take();
    }

    private static string OfWork(PreparedWork work)
    {
        using var hash = new BitHash();
        work.Run(hash.Add);
        foreach (var parameter in work.Parameters)
        {
            hash.Add(parameter);
            if (parameter.Gradient is { } gradient)
            {
                hash.Add(gradient);
            }
        }

        return hash.Take();
    }
}
