using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace TinyNet.Bench;

/// <summary>
/// onnxruntime on models in files: each has a folder, named as its workload, with <c>model.onnx</c>, its input and what TinyNet makes of
/// it, both as float32 in little-endian order.
/// </summary>
internal sealed class OnnxLibrary(string folder) : IPeerLibrary
{
    private const string ModelFile = "model.onnx", InputFile = "input.f32", OutputFile = "output.f32";

    // Of the largest output: both sides add in float32, in different orders.
    private const double Tolerance = 1e-5;

    private int _threads = 1;

    public IEnumerable<string> Workloads => Directory.EnumerateFiles(folder, ModelFile, SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, Path.GetDirectoryName(path)!).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    public void Load(int threads)
    {
        _threads = threads;
        try
        {
            OrtEnv.Instance().DisableTelemetryEvents();
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException)
        {
            throw new PeerFailure($"onnxruntime does not load: {exception.GetBaseException().Message}");
        }
    }

    public Action Prepare(string workload) => Session(workload).Run;

    public PeerFinding Check(string workload)
    {
        float[] expected = Read(workload, OutputFile);
        var (run, output) = Session(workload);
        run();
        var result = output.GetTensorDataAsSpan<float>();
        double largest = 0, error = result.Length == expected.Length ? 0 : double.PositiveInfinity;
        for (int i = 0; i < Math.Min(expected.Length, result.Length); i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            error = Math.Max(error, Math.Abs(result[i] - expected[i]));
        }

        error /= largest;
        return new PeerFinding(error < Tolerance, $"difference to TinyNet {error:E1}");
    }

    /// <summary>A session that reads its input and writes its output where they are: nothing is made or copied in a run.</summary>
    private (Action Run, OrtValue Output) Session(string workload)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = _threads,
            InterOpNumThreads = 1,
        };
        var session = new InferenceSession(Path.Combine(folder, workload, ModelFile), options);
        var (inputName, input) = Value(session.InputMetadata);
        var (outputName, output) = Value(session.OutputMetadata);
        Read(workload, InputFile).CopyTo(input.GetTensorMutableDataAsSpan<float>());
        var binding = session.CreateIoBinding();
        binding.BindInput(inputName, input);
        binding.BindOutput(outputName, output);
        var run = new RunOptions();
        return (() => session.RunWithBinding(run, binding), output);
    }

    private static (string Name, OrtValue Value) Value(IReadOnlyDictionary<string, NodeMetadata> metadata)
    {
        var (name, node) = metadata.Single();
        long[] shape = Array.ConvertAll(node.Dimensions, size => (long)size);
        return (name, OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, shape));
    }

    private float[] Read(string workload, string file) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, workload, file))).ToArray();
}
