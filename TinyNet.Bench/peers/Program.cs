using System.Globalization;
using TinyNet.Bench;

const string Usage = """
    usage: TinyNet.Bench.Peers LIBRARY list
           TinyNet.Bench.Peers LIBRARY time WORKLOAD THREADS SECONDS
           TinyNet.Bench.Peers LIBRARY check WORKLOAD THREADS
      LIBRARY is torchsharp, or the folder with the models that onnxruntime is to run.
      A process runs one workload: no memory, cache or compiled code is left by the one before. TinyNet.Bench -- ratio runs them all.
    """;

try
{
    return args switch
    {
        [var library, "list"] => List(Open(library)),
        [var library, "time", var workload, var threads, var seconds] =>
            Time(Load(library, workload, threads), workload, double.Parse(seconds, CultureInfo.InvariantCulture)),
        [var library, "check", var workload, var threads] => Check(Load(library, workload, threads), workload),
        _ => throw new PeerFailure(Usage),
    };
}
catch (PeerFailure failure)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}

static IPeerLibrary Open(string library) => library == "torchsharp" ? new TorchLibrary() : new OnnxLibrary(library);

static IPeerLibrary Load(string name, string workload, string threads)
{
    var library = Open(name);
    if (!library.Workloads.Contains(workload))
    {
        throw new PeerFailure($"no workload \"{workload}\"; there are {string.Join(", ", library.Workloads)}");
    }

    library.Load(int.Parse(threads, CultureInfo.InvariantCulture));
    return library;
}

static int List(IPeerLibrary library)
{
    foreach (string workload in library.Workloads)
    {
        Console.WriteLine(workload);
    }

    return 0;
}

static int Time(IPeerLibrary library, string workload, double seconds)
{
    Console.WriteLine(Measurement.Take(workload, () => library.Prepare(workload), seconds).ToJson());
    return 0;
}

static int Check(IPeerLibrary library, string workload)
{
    var finding = library.Check(workload);
    Console.WriteLine($"{(finding.IsRight ? "ok   " : "WRONG")} {workload}: {finding.Text}");
    return finding.IsRight ? 0 : 1;
}
