using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// A module that computes an output from an input. <see cref="Forward"/> is what callers call; it runs the hooks around
/// <see cref="ForwardCore"/>, which a module of one's own writes.
/// </summary>
/// <typeparam name="TIn">
/// A tensor, an index tensor, or several: a tuple, an array, a list, or a record with names of one's own (<see cref="ITensorRecord"/>).
/// </typeparam>
/// <typeparam name="TOut">The same.</typeparam>
public abstract class Module<TIn, TOut> : Module
{
    /// <summary>
    /// Computes the output. When the outermost call returns, every parameter that was read must be listed by its
    /// <see cref="Module.Parameters"/>.
    /// </summary>
    /// <remarks>
    /// A frozen parameter need not be listed: a teacher that a module keeps to itself, without <c>Child</c>, is neither trained, saved nor
    /// moved to another device with it.
    /// </remarks>
    /// <exception cref="RegistrationException">A parameter was read that is not frozen, and no registered module lists it.</exception>
    /// <exception cref="TensorException">
    /// An operation refused its operands, or a module gave null; the message names the module.
    /// </exception>
    public TOut Forward(TIn input) => Run(input, fused: default);

    /// <summary>The forward pass, with modules that follow as one operation with this one.</summary>
    internal TOut Run(TIn input, in FusedLayers fused)
    {
        if (input is null)
        {
            throw new ArgumentNullException(nameof(input), $"{this} was given none");
        }

        var registration = RegistrationCheck.Enter(this, out var caller);
        bool isComplete = false;
        try
        {
            TOut output;
            if (Hooks is { Any: true } hooks)
            {
                output = hooks.After(this, ForwardCore(hooks.Before(this, input)));
            }
            else
            {
                output = fused.Count == 0 ? ForwardCore(input) : ForwardFused(input, fused);
            }

            if (output is null)
            {
                throw new TensorException(GetType().Name, "it gave null", "return an output");
            }

            isComplete = true;
            return output;
        }
        catch (TensorException exception) when (NameIn(exception))
        {
            throw;
        }
        finally
        {
            registration.Leave(caller, isComplete, input);
        }
    }

    private protected sealed override Type InputType => typeof(TIn);

    private protected sealed override Type OutputType => typeof(TOut);

    /// <summary>The computation of this module.</summary>
    protected abstract TOut ForwardCore(TIn input);

    /// <summary>The computation of this module and of those that follow as one operation: of an <see cref="ITakesElementwise"/>.</summary>
    internal virtual TOut ForwardFused(TIn input, in FusedLayers fused) => throw new InvalidOperationException($"{this} does not fuse");

    /// <summary>Notes the innermost module in the exception on its way up; never catches it.</summary>
    private bool NameIn(TensorException exception)
    {
        exception.ModulePath ??= Path.Length == 0 ? ToString() : $"{Path} ({this})";
        return false;
    }
}
