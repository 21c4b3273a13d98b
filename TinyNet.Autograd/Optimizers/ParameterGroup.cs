using System.Runtime.CompilerServices;
using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Parameters that an optimizer treats alike.</summary>
public abstract class ParameterGroup
{
    private readonly NamedParameterList _parameters;
    private float? _momentum;

    private protected ParameterGroup(NamedParameterList parameters, OptimizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _parameters = parameters;
        options.Validate(nameof(options));
        LearningRate = options.LearningRate;
        _momentum = options.StartMomentum;
    }

    /// <summary>The parameters, in order.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>
    /// What stands before the names of the parameters where the optimizer saves and loads its state: <c>actor</c> makes
    /// <c>actor.0.weight</c> of <c>0.weight</c>. Empty at first; groups of several models need one each where names are the same.
    /// </summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public string Name
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = "";

    /// <summary>The parameters with the names that the list had, without that of the group.</summary>
    internal NamedParameterList Named => _parameters;

    /// <summary>The step size; may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float LearningRate
    {
        get;
        set => field = Require.NotNegative(value, nameof(LearningRate));
    }

    /// <summary>
    /// What schedules multiply, saved with the state: the step size that the first <see cref="LearningRateScheduler"/> of the optimizer
    /// found. Set it to start schedules anew from another one; null before there was a scheduler.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float? InitialLearningRate
    {
        get;
        set => field = value is { } rate ? Require.NotNegative(rate, nameof(InitialLearningRate)) : null;
    }

    /// <summary>
    /// The momentum, β₁ of the optimizers that have one; may be changed between steps. Null where the optimizer has none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in [0, 1).</exception>
    /// <exception cref="InvalidOperationException">The optimizer has none.</exception>
    public float? Momentum
    {
        get => _momentum;
        set
        {
            if (_momentum is null != value is null)
            {
                throw new InvalidOperationException(_momentum is null ? "this optimizer has no momentum" : "the momentum is a number");
            }

            _momentum = value is { } momentum ? Require.Fraction(momentum, nameof(Momentum)) : null;
        }
    }

    /// <summary>
    /// Whether there is a momentum above 0, now or at the start: one that a schedule has brought to 0 for a while is still one.
    /// </summary>
    public bool HasMomentum => _momentum > 0 || StartMomentum > 0;

    private protected abstract float? StartMomentum { get; }

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">
    /// The parameters. The list that a module's <c>Parameters()</c> returns has the names of its <c>NamedParameters()</c> with it; what is
    /// filtered or copied from it has not, so filter <c>NamedParameters()</c>.
    /// </param>
    /// <param name="options">How they are treated.</param>
    /// <exception cref="ArgumentException">Settings do not go together.</exception>
    [OverloadResolutionPriority(1)]
    public static ParameterGroup<TOptions> Of<TOptions>(IEnumerable<Parameter> parameters, TOptions options)
        where TOptions : OptimizerOptions => new(NamedParameterList.Of(parameters), options);

    /// <summary>Makes a group of parameters with the names by which the optimizer saves their state.</summary>
    /// <param name="parameters">The parameters with names: some of a module's <c>NamedParameters()</c>, say.</param>
    /// <param name="options">How they are treated.</param>
    /// <exception cref="ArgumentException">Settings do not go together.</exception>
    public static ParameterGroup<TOptions> Of<TOptions>(IEnumerable<(string Name, Parameter Parameter)> parameters, TOptions options)
        where TOptions : OptimizerOptions => new(new NamedParameterList(parameters), options);

    /// <summary>Makes two groups: weights, which decay, and the others, which do not.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">How they are treated; the second group the same but for the weight decay of 0.</param>
    /// <param name="isExcluded">Which do not decay; by default those with less than two axes: biases and the scales of norms.</param>
    /// <exception cref="ArgumentException">Settings do not go together.</exception>
    public static ParameterGroup<TOptions>[] SplitByDecay<TOptions>(IEnumerable<Parameter> parameters, TOptions options,
        Func<Parameter, bool>? isExcluded = null)
        where TOptions : OptimizerOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        isExcluded ??= static parameter => parameter.Rank < 2;
        var all = NamedParameterList.Of(parameters);
        return
        [
            new(all.Where(parameter => !isExcluded(parameter)), options),
            new(all.Where(isExcluded), options with { WeightDecay = 0 }),
        ];
    }
}

/// <summary>Parameters that an optimizer treats alike, with its settings.</summary>
public sealed class ParameterGroup<TOptions> : ParameterGroup where TOptions : OptimizerOptions
{
    internal ParameterGroup(NamedParameterList parameters, TOptions options) : base(parameters, options) => Options = options;

    /// <summary>The settings. Learning rate and momentum are those at the start.</summary>
    public TOptions Options { get; }

    /// <summary>The settings in force and the number of parameters, in one line.</summary>
    public override string ToString() => (Name.Length == 0 ? "" : $"{Name}: ")
        + FormattableString.Invariant($"learning rate {LearningRate}")
        + (HasMomentum ? FormattableString.Invariant($", momentum {Momentum}") : "")
        + (Options.WeightDecay > 0 ? FormattableString.Invariant($", weight decay {Options.WeightDecay}") : "")
        + $", {Parameters.Count} parameters";

    private protected override float? StartMomentum => Options.StartMomentum;
}
