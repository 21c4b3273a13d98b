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
/// these. A hook that nothing would ever call is refused where it is added: where the input or output has no tensors, or no indices, or is
/// of a type that may hide them. Who hooks all modules of a model asks <see cref="InputKinds"/> and <see cref="OutputKinds"/> first. A
/// record may hold everything: hooks see what its values have.
/// </content>
public abstract partial class Module
{
    /// <summary>What hooks find in the input, going by its type; nothing for a module that has no forward pass.</summary>
    /// <example>
    /// <code>
    /// foreach (var (path, module) in model.NamedModules())
    /// {
    ///     if (module.OutputKinds.HasFlag(TensorKinds.Tensors))
    ///     {
    ///         module.OnOutput((_, name, tensor) => Console.WriteLine($"{path} {name} {tensor.Shape}"));
    ///     }
    /// }
    /// </code>
    /// </example>
    public TensorKinds InputKinds => KindsIn(InputType);

    /// <summary>What hooks find in the output, going by its type; nothing for a module that has no forward pass.</summary>
    public TensorKinds OutputKinds => KindsIn(OutputType);

    internal ModuleHooks? Hooks { get; private set; }

    /// <summary>What the module takes; null for one that has no forward pass.</summary>
    internal virtual Type? InputType => null;

    /// <summary>What the module gives; null for one that has no forward pass.</summary>
    internal virtual Type? OutputType => null;

    /// <summary>Calls a function with every input tensor before the forward pass; indices are for <see cref="OnInputIndices"/>.</summary>
    /// <exception cref="TensorException">There are no tensors in the input, or hooks cannot look into its type.</exception>
    public HookHandle OnInput(TensorHook hook) => Checked(InputType, nameof(OnInput), TensorKinds.Tensors, hook).Input.Add(hook.Invoke);

    /// <summary>Calls a function with every output tensor after the forward pass; indices are for <see cref="OnOutputIndices"/>.</summary>
    /// <exception cref="TensorException">There are no tensors in the output, or hooks cannot look into its type.</exception>
    public HookHandle OnOutput(TensorHook hook) => Checked(OutputType, nameof(OnOutput), TensorKinds.Tensors, hook).Output.Add(hook.Invoke);

    /// <summary>Calls a function with the indices in every input before the forward pass, as those of an embedding.</summary>
    /// <exception cref="TensorException">There are no indices in the input, or hooks cannot look into its type.</exception>
    public HookHandle OnInputIndices(IndexHook hook) =>
        Checked(InputType, nameof(OnInput), TensorKinds.Indices, hook).InputIndices.Add(hook.Invoke);

    /// <summary>Calls a function with the indices in every output after the forward pass.</summary>
    /// <exception cref="TensorException">There are no indices in the output, or hooks cannot look into its type.</exception>
    public HookHandle OnOutputIndices(IndexHook hook) =>
        Checked(OutputType, nameof(OnOutput), TensorKinds.Indices, hook).OutputIndices.Add(hook.Invoke);

    /// <summary>
    /// Calls a function in the backward pass with the gradient of every input tensor that has one: what flows to it through this module
    /// alone, whoever else reads it. Data has none, as it has no history.
    /// </summary>
    /// <remarks>
    /// The module works on tensors of its own over the same elements, so the input must be one that can be made anew: a tensor, a record, a
    /// tuple of two to four tensors or of one and a pair, an array of these, or a list of tensors.
    /// </remarks>
    /// <exception cref="TensorException">There are no tensors in the input, or it is of a type that cannot be made anew.</exception>
    public HookHandle OnInputGradient(TensorHook hook) =>
        Checked(InputType, nameof(OnInput), TensorKinds.Gradients, hook).InputGradient.Add(hook.Invoke);

    /// <summary>
    /// Calls a function in the backward pass with the gradient of every output tensor that has one: what flows back into this output
    /// alone, even where the module hands its input on, or a parameter.
    /// </summary>
    /// <remarks>What comes after works on tensors of its own, as with <see cref="OnInputGradient"/>.</remarks>
    /// <exception cref="TensorException">There are no tensors in the output, or it is of a type that cannot be made anew.</exception>
    public HookHandle OnOutputGradient(TensorHook hook) =>
        Checked(OutputType, nameof(OnOutput), TensorKinds.Gradients, hook).OutputGradient.Add(hook.Invoke);

    /// <summary>The hooks of the module, whatever they can see.</summary>
    internal ModuleHooks OwnHooks() => Hooks ??= new();

    private static TensorKinds KindsIn(Type? type) => type is null ? TensorKinds.None : TensorTypes.In(type).Kinds;

    private ModuleHooks Checked(Type? type, string side, TensorKinds wanted, Delegate hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        if (KindsIn(type).HasFlag(wanted))
        {
            return OwnHooks();
        }

        string operation = wanted switch
        {
            TensorKinds.Indices => $"{side}Indices",
            TensorKinds.Gradients => $"{side}Gradient",
            _ => side,
        };
        var (problem, remedy) = WhyNot(type, side, wanted);
        throw new TensorException(operation, problem, remedy);
    }

    private (string Problem, string Remedy) WhyNot(Type? type, string side, TensorKinds wanted)
    {
        if (type is null)
        {
            return ($"a {TensorTypes.NameOf(GetType())} has no forward pass, so nothing would call the hook", "hook the modules in it");
        }

        var (kinds, hidden) = TensorTypes.In(type);
        string value = $"a {TensorTypes.NameOf(type)}, which {Describe()} {(side == nameof(OnInput) ? "takes" : "gives")}";
        if (hidden is not null)
        {
            return (
                $"a {TensorTypes.NameOf(hidden)} may hide tensors where hooks cannot look, in {value}",
                "make that type a record that implements ITensorRecord, or use a tensor, a tuple, an array or a List of tensors");
        }

        return (wanted, kinds) switch
        {
            (_, TensorKinds.None) => ($"there are no tensors in {value}", "hook a module that has some there"),
            (TensorKinds.Indices, _) => ($"there are no indices in {value}", $"use {side}"),
            (TensorKinds.Gradients, TensorKinds.Indices) => (
                $"indices have no gradient, and there is nothing else in {value}", $"use {side}Indices"),
            (_, TensorKinds.Indices) => ($"there is no tensor in {value}", $"use {side}Indices"),
            _ => (
                $"the hook would put tensors of its own into {value}, and none can be made with them",
                $"make it a record that implements ITensorRecord, or a tuple of two to four tensors; {side} can look into it"),
        };
    }
}
