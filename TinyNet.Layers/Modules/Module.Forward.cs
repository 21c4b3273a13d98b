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
    /// Computes the output. Every module that the outermost one runs must be registered below it, and every parameter that they read be
    /// listed by its <see cref="Module.Parameters"/>.
    /// </summary>
    /// <remarks>
    /// A module that is apart need not be registered, a teacher for example: its parameters are all frozen, and what behaves otherwise in
    /// training (dropout, batch normalization) is in evaluation mode, as is all of one without parameters.
    /// </remarks>
    /// <exception cref="RegistrationException">
    /// A module ran that is not registered, or a parameter was read that is neither listed nor frozen.
    /// </exception>
    /// <exception cref="TensorException">
    /// An operation refused its operands, or a module gave null; the message names the module.
    /// </exception>
    public TOut Forward(TIn input) => Run(input, fused: default);

    /// <summary>The forward pass, with modules that follow as one operation with this one.</summary>
    internal TOut Run(TIn input, in FusedLayers fused)
    {
        if (input is null)
        {
            throw new ArgumentNullException(nameof(input), $"{Describe()} was given none");
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
        catch (TensorException exception) when (NameIn(exception, registration))
        {
            throw;
        }
        finally
        {
            registration.Leave(in caller, isComplete, input);
        }
    }

    internal sealed override Type InputType => typeof(TIn);

    internal sealed override Type OutputType => typeof(TOut);

    /// <summary>The computation of this module.</summary>
    protected abstract TOut ForwardCore(TIn input);

    /// <summary>The computation of this module and of those that follow as one operation: of an <see cref="ITakesElementwise"/>.</summary>
    internal virtual TOut ForwardFused(TIn input, in FusedLayers fused) =>
        throw new InvalidOperationException($"{Describe()} does not fuse");

    /// <summary>Notes the innermost module in the exception on its way up; never catches it.</summary>
    private bool NameIn(TensorException exception, RegistrationCheck registration)
    {
        exception.ModulePath ??= registration.PlaceOf(this);
        return false;
    }
}
