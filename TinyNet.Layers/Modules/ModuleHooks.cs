using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Several tensors as one input or output of a module; hooks see each by its name.</summary>
public interface ITensorRecord
{
    /// <summary>Calls a function with every tensor that is there, and its name.</summary>
    void ForEachTensor(Action<string, Tensor> action);
}

/// <summary>The hooks of a module.</summary>
internal sealed class ModuleHooks
{
    public TensorHooks Input { get; } = new();

    public TensorHooks Output { get; } = new();

    public TensorHooks InputGradient { get; } = new();

    public TensorHooks OutputGradient { get; } = new();

    /// <summary>Called right before the forward pass, whatever the module takes and gives.</summary>
    public HookList<Action> Begin { get; } = new();

    /// <summary>Called right after the forward pass.</summary>
    public HookList<Action> End { get; } = new();

    public bool Any => Begin.Any || End.Any || Input.Any || Output.Any || InputGradient.Any || OutputGradient.Any;

    /// <summary>Shows the inputs, before the forward pass, and returns what the module is to work on.</summary>
    public TIn Before<TIn>(Module module, TIn input)
    {
        if (InputGradient.Any && input is Tensor { HasHistory: true } tensor && Tape.IsRecordingNow)
        {
            // The gradient through this module alone: that of a view which nobody else reads.
            var view = tensor.Reshape(tensor.Shape.Sizes);
            view.OnGradient(gradient => InputGradient.Call(module, "", gradient));
            input = (TIn)(object)view;
        }
        else if (InputGradient.Any && input is ITensorRecord record)
        {
            record.ForEachTensor((name, part) => Watch(InputGradient, module, name, part));
        }

        Show(Input, module, input);
        Call(Begin);
        return input;
    }

    /// <summary>Shows the outputs, after the forward pass.</summary>
    public void After<TOut>(Module module, TOut output)
    {
        Call(End);
        Show(Output, module, output);
        if (!OutputGradient.Any)
        {
            return;
        }

        if (output is Tensor tensor)
        {
            Watch(OutputGradient, module, "", tensor);
        }
        else if (output is ITensorRecord record)
        {
            record.ForEachTensor((name, part) => Watch(OutputGradient, module, name, part));
        }
    }

    private static void Call(HookList<Action> hooks)
    {
        foreach (var hook in hooks.Hooks)
        {
            hook();
        }
    }

    private static void Show<T>(TensorHooks hooks, Module module, T value)
    {
        if (!hooks.Any)
        {
            return;
        }

        if (value is Tensor tensor)
        {
            hooks.Call(module, "", tensor);
        }
        else if (value is ITensorRecord record)
        {
            record.ForEachTensor((name, part) => hooks.Call(module, name, part));
        }
    }

    private static void Watch(TensorHooks hooks, Module module, string name, Tensor tensor)
    {
        if (tensor.HasHistory && Tape.IsRecordingNow)
        {
            tensor.OnGradient(gradient => hooks.Call(module, name, gradient));
        }
    }
}

/// <summary>Hooks of one kind.</summary>
internal sealed class TensorHooks
{
    private readonly HookList<TensorHook> _hooks = new();

    public bool Any => _hooks.Any;

    public HookHandle AddHook(TensorHook hook) => _hooks.Add(hook);

    /// <summary>Calls all; returns null, as a gradient hook that changes nothing does.</summary>
    public Tensor? Call(Module module, string name, Tensor tensor)
    {
        var check = RegistrationCheck.SetAside();
        try
        {
            foreach (var hook in _hooks.Hooks)
            {
                hook(module, name, tensor);
            }
        }
        finally
        {
            RegistrationCheck.Resume(check);
        }

        return null;
    }
}
