using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Sees a tensor of a module: its input, its output, or a gradient of one of them.</summary>
/// <param name="module">The module.</param>
/// <param name="name">
/// The member of a record of several tensors, <c>Item1</c> of a tuple, <c>0</c> of an array or list; empty where there is one tensor.
/// </param>
/// <param name="tensor">The tensor; valid as long as the scope is open.</param>
public delegate void TensorHook(Module module, string name, Tensor tensor);

/// <summary>Sees indices that a module takes or gives.</summary>
/// <param name="module">The module.</param>
/// <param name="name">As of a <see cref="TensorHook"/>.</param>
/// <param name="indices">The indices; valid as long as the scope is open.</param>
public delegate void IndexHook(Module module, string name, IndexTensor indices);

/// <content>
/// What hooks see: the tensors and indices in a tensor, an index tensor, an <see cref="ITensorRecord"/>, or a tuple, an array or a list of
/// these. Where the input or output is of another type, which may hide tensors, they are refused.
/// </content>
public abstract partial class Module
{
    internal ModuleHooks? Hooks { get; private set; }

    /// <summary>What the module takes; null for one that has no forward pass.</summary>
    private protected virtual Type? InputType => null;

    /// <summary>What the module gives; null for one that has no forward pass.</summary>
    private protected virtual Type? OutputType => null;

    /// <summary>Calls a function with every input tensor before the forward pass; indices are for <see cref="OnInputIndices"/>.</summary>
    /// <exception cref="TensorException">The input is of a type that hooks cannot look into.</exception>
    public HookHandle OnInput(TensorHook hook) => Checked(InputType, "OnInput", hook).Input.Add(hook.Invoke);

    /// <summary>Calls a function with every output tensor after the forward pass; indices are for <see cref="OnOutputIndices"/>.</summary>
    /// <exception cref="TensorException">The output is of a type that hooks cannot look into.</exception>
    public HookHandle OnOutput(TensorHook hook) => Checked(OutputType, "OnOutput", hook).Output.Add(hook.Invoke);

    /// <summary>Calls a function with the indices in every input before the forward pass, as those of an embedding.</summary>
    /// <exception cref="TensorException">The input is of a type that hooks cannot look into.</exception>
    public HookHandle OnInputIndices(IndexHook hook) => Checked(InputType, "OnInputIndices", hook).InputIndices.Add(hook.Invoke);

    /// <summary>Calls a function with the indices in every output after the forward pass.</summary>
    /// <exception cref="TensorException">The output is of a type that hooks cannot look into.</exception>
    public HookHandle OnOutputIndices(IndexHook hook) => Checked(OutputType, "OnOutputIndices", hook).OutputIndices.Add(hook.Invoke);

    /// <summary>
    /// Calls a function in the backward pass with the gradient of every input tensor: what flows to it through this module alone, whoever
    /// else reads it. Indices have none.
    /// </summary>
    /// <exception cref="TensorException">The input is of a type that hooks cannot look into.</exception>
    public HookHandle OnInputGradient(TensorHook hook) => Checked(InputType, "OnInputGradient", hook).InputGradient.Add(hook.Invoke);

    /// <summary>
    /// Calls a function in the backward pass with the gradient of every output tensor: what flows back into this output alone, even
    /// where the module hands its input on, or a parameter.
    /// </summary>
    /// <exception cref="TensorException">The output is of a type that hooks cannot look into.</exception>
    public HookHandle OnOutputGradient(TensorHook hook) => Checked(OutputType, "OnOutputGradient", hook).OutputGradient.Add(hook.Invoke);

    /// <summary>The hooks of the module, whatever they can see.</summary>
    internal ModuleHooks OwnHooks() => Hooks ??= new();

    private ModuleHooks Checked(Type? seen, string operation, Delegate hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return seen is null || TensorParts.AreSeenIn(seen)
            ? OwnHooks()
            : throw new TensorException(operation, $"hooks see no tensor in a {seen.Name}, which {Describe()} takes or gives",
                "make that type a record that implements ITensorRecord, or use a tensor, a tuple of tensors, an array or a list");
    }
}
