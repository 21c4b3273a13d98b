using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Model = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace TinyNet.Bench;

/// <summary>Work that is ready to run, and by what one sees that it is right.</summary>
internal sealed class TorchWork
{
    /// <summary>What is timed.</summary>
    public required Action Run { get; init; }

    /// <summary>The same step of a training, and its loss; null where nothing is trained.</summary>
    public Func<double>? Loss { get; init; }

    /// <summary>What a run computes: an output, or gradients; null where something is trained.</summary>
    public Func<Tensor[]>? Results { get; init; }

    /// <summary>The same in float64, computed in another way where there is one; the work cannot be run after it.</summary>
    public Func<Tensor[]>? Expected { get; init; }

    /// <summary>
    /// A step: no gradients, forward, cross-entropy, backward, update. TorchSharp's <c>zero_grad</c> would write zeros, to which
    /// backward adds; this does what PyTorch's does.
    /// </summary>
    public static TorchWork Training(Model model, Tensor input, Tensor labels, TorchOptimizer optimizer)
    {
        Parameter[] parameters = [.. model.parameters()];
        var update = optimizer(parameters);
        double Step(bool read)
        {
            using var scope = NewDisposeScope();
            ClearGradients(parameters);
            using var output = model.call(input);
            using var loss = F.cross_entropy(output, labels);
            output.Dispose();
            loss.backward();
            update();
            return read ? loss.item<float>() : 0;
        }

        return new TorchWork { Run = () => Step(read: false), Loss = () => Step(read: true) };
    }

    /// <summary>The forward pass in evaluation, with nothing recorded.</summary>
    public static TorchWork Inference(Model model, Tensor input)
    {
        model.eval();
        return Inference(() => model.call(input), () => model.to(float64).call(input.to(float64)));
    }

    /// <summary>The same of a function.</summary>
    public static TorchWork Inference(Func<Tensor> forward, Func<Tensor>? expected = null)
    {
        Tensor Forward()
        {
            using var mode = inference_mode();
            return forward();
        }

        return new TorchWork
        {
            Run = () =>
            {
                using var scope = NewDisposeScope();
                Forward();
            },
            Results = () => [Forward()],
            Expected = expected is null ? null : () => [expected()],
        };
    }

    /// <summary>Gradients of some tensors; they are cleared before each run.</summary>
    /// <param name="tensors">What has the gradients.</param>
    /// <param name="backward">Goes forward and backward.</param>
    /// <param name="expected">Does so in float64, with copies of the tensors.</param>
    public static TorchWork Gradients(Tensor[] tensors, Action backward, Action<Tensor[]> expected)
    {
        void Run()
        {
            using var scope = NewDisposeScope();
            ClearGradients(tensors);
            backward();
        }

        return new TorchWork
        {
            Run = Run,
            Results = () =>
            {
                Run();
                return [.. tensors.Select(tensor => tensor.grad!)];
            },
            Expected = () =>
            {
                Tensor[] doubles = [.. tensors.Select(tensor => tensor.detach().to(float64).requires_grad_())];
                expected(doubles);
                return [.. doubles.Select(tensor => tensor.grad!)];
            },
        };
    }

    private static void ClearGradients(Tensor[] tensors)
    {
        foreach (var tensor in tensors)
        {
            tensor.grad = null;
        }
    }
}

/// <summary>A workload; one named <c>NAME#VARIANT</c> does the same as <c>NAME</c> in a way that may be faster.</summary>
internal sealed record TorchWorkload(string Name, Func<TorchWork> Prepare);
