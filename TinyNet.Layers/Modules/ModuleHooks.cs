using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The hooks of a module.</summary>
internal sealed class ModuleHooks
{
    private readonly HookCount _count = new();

    public ModuleHooks()
    {
        (Input, Output, InputGradient, OutputGradient) = (new(_count), new(_count), new(_count), new(_count));
        (InputIndices, OutputIndices) = (new(_count), new(_count));
        (Begin, End) = (new(_count), new(_count));
    }

    public PartHooks<Tensor> Input { get; }

    public PartHooks<Tensor> Output { get; }

    public PartHooks<IndexTensor> InputIndices { get; }

    public PartHooks<IndexTensor> OutputIndices { get; }

    public PartHooks<Tensor> InputGradient { get; }

    public PartHooks<Tensor> OutputGradient { get; }

    /// <summary>Called right before the forward pass, whatever the module takes and gives.</summary>
    public HookList<Action> Begin { get; }

    /// <summary>Called right after the forward pass.</summary>
    public HookList<Action> End { get; }

    public bool Any => _count.Value > 0;

    /// <summary>Shows the inputs, before the forward pass, and returns what the module is to work on.</summary>
    public TIn Before<TIn>(Module module, TIn input)
    {
        Show(Input, InputIndices, module, input);
        input = Watched(InputGradient, module, input);
        Call(Begin);
        return input;
    }

    /// <summary>Shows the outputs, after the forward pass, and returns what others are to work on.</summary>
    public TOut After<TOut>(Module module, TOut output)
    {
        Call(End);
        Show(Output, OutputIndices, module, output);
        return Watched(OutputGradient, module, output);
    }

    private static void Call(HookList<Action> hooks)
    {
        foreach (var hook in hooks.Hooks)
        {
            hook();
        }
    }

    private static void Show<T>(PartHooks<Tensor> tensors, PartHooks<IndexTensor> indices, Module module, T value)
    {
        if (tensors.Any || indices.Any)
        {
            TensorParts.Visit(value, new Exhibition(tensors, indices, module));
        }
    }

    /// <summary>
    /// A value with tensors of its own, so that their gradients are what flows through here alone: the same tensor may be read elsewhere,
    /// a module may hand its input on, and a parameter outlives the pass.
    /// </summary>
    private static T Watched<T>(PartHooks<Tensor> hooks, Module module, T value) =>
        hooks.Any && Tape.IsRecordingNow ? TensorParts.Visit(value, new GradientWatch(hooks, module)) : value;

    private sealed class Exhibition(PartHooks<Tensor> tensors, PartHooks<IndexTensor> indices, Module module) : TensorVisitor
    {
        protected override Tensor OnTensor(string name, Tensor tensor)
        {
            if (tensors.Any && tensor.Storage.Lifetime == Lifetime.Step)
            {
                // A hook may keep what it sees until the scope closes: no early return of the memory.
                Node.Hold(tensor);
            }

            tensors.Call(module, name, tensor);
            return tensor;
        }

        protected override void OnIndices(string name, IndexTensor part) => indices.Call(module, name, part);
    }

    private sealed class GradientWatch(PartHooks<Tensor> hooks, Module module) : TensorVisitor
    {
        protected override Tensor OnTensor(string name, Tensor tensor)
        {
            if (!tensor.HasHistory)
            {
                return tensor;
            }

            var alias = tensor.Alias();
            alias.OnGradient(gradient =>
            {
                hooks.Call(module, name, gradient);
                return null;
            });
            return alias;
        }
    }
}

/// <summary>Hooks of one kind.</summary>
internal sealed class PartHooks<TPart>(HookCount count)
{
    private readonly HookList<Action<Module, string, TPart>> _hooks = new(count);

    public bool Any => _hooks.Any;

    public HookHandle Add(Action<Module, string, TPart> hook) => _hooks.Add(hook);

    public void Call(Module module, string name, TPart part)
    {
        var check = RegistrationCheck.SetAside();
        try
        {
            foreach (var hook in _hooks.Hooks)
            {
                hook(module, name, part);
            }
        }
        finally
        {
            RegistrationCheck.Resume(check);
        }
    }
}
