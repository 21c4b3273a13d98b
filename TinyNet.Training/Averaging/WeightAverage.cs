using System.Runtime.CompilerServices;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <summary>
/// The average of a model's parameters over the steps of a training, which often is better than where it ends: with shares that fade, or
/// with equal ones. Buffers, such as the running statistics of batch norm, are those of the model.
/// </summary>
/// <remarks>
/// A trainer that has one trains the model as without, but scores, keeps as the best and leaves in the model the averaged weights. In a
/// loop of one's own, call <see cref="Update"/> after each step, and <see cref="CopyTo"/> to have the average in a second model, made as
/// the first was.
/// </remarks>
public sealed class WeightAverage
{
    private readonly Module _model;
    private readonly double? _decay;
    private readonly int _firstStep;
    private readonly IReadOnlyList<StatePart> _parts;
    private List<StatePart> _averages;

    private WeightAverage(Module model, double? decay, int firstStep)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _decay, _firstStep) = (model, decay, firstStep);
        _parts = model.State();
        _averages = [.. _parts.Select(part => part.Copy())];
    }

    /// <summary>How many steps were made, with those before the first that counts.</summary>
    public int Steps { get; private set; }

    /// <summary>
    /// Begins an exponential average: a ← w with the first step, then a ← d · a + (1 − d) · w, with d = min(decay, (1 + n) / (10 + n))
    /// after n steps, so that the first weights, in which little was learned, are soon forgotten (B. Polyak and A. Juditsky, "Acceleration
    /// of stochastic approximation by averaging", 1992; the growing d is TensorFlow's).
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="decay">What part of the average a step leaves, in (0, 1): 0.999 looks back about 1000 steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">The decay is not in (0, 1).</exception>
    public static WeightAverage Exponential(Module model, double decay = 0.999) => new(model, Require.Inside(0, 1, decay), 0);

    /// <summary>
    /// Begins an average with equal shares (P. Izmailov et al., "Averaging weights leads to wider optima and better generalization", UAI
    /// 2018); until the first step that counts, it is the model as it is.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="firstStep">How many steps are left out at the beginning.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is negative.</exception>
    public static WeightAverage Equal(Module model, int firstStep = 0) => new(model, null, Require.NotNegative(firstStep));

    /// <summary>The kind of average, and of how many steps it is.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(WeightAverage), ("decay", _decay), ("from step", _decay is null ? _firstStep : null), ("steps", Steps));

    /// <summary>Takes the weights after a step into the average.</summary>
    public void Update()
    {
        double share = Share(Steps - _firstStep);
        for (int i = 0; i < _parts.Count; i++)
        {
            var tensor = _parts[i].Tensor;
            if (_averages[i].Tensor.Device != tensor.Device)
            {
                _averages[i] = _averages[i].Copy(tensor.Device);
            }

            var average = _averages[i].Tensor;
            if (share == 1 || tensor is not Parameter)
            {
                average.Device.Copy(tensor, average);
            }
            else
            {
                average.Device.Map(new TowardMap((float)share), average, tensor, average);
            }
        }

        Steps++;
    }

    /// <summary>Overwrites the parameters and buffers of a model by the average.</summary>
    /// <param name="other">A model with the same names and shapes; the one that is trained forgets by this where it was.</param>
    /// <exception cref="WeightMismatchException">Names or shapes differ; it lists them.</exception>
    public void CopyTo(Module other)
    {
        ArgumentNullException.ThrowIfNull(other);
        StateTransfer.Run(
            "CopyTo", "the average", other.State(), [.. Sources()], strict: true, _ => "build the model as the one that is averaged");
    }

    internal bool IsOf(Module model) => model == _model;

    /// <summary>The average with names and axes as in files.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Tensors() =>
        _averages.Select(part => KeyValuePair.Create(part.Names[0], part.InFile(part.Tensor)));

    /// <summary>An average that was saved.</summary>
    internal List<StatePart> Parts(string path, IReadOnlyList<StateSource> sources, Func<StateMismatch, string> remedy)
    {
        List<StatePart> parts = [.. _averages.Select(part => part.Copy())];
        StateTransfer.Run("Resume", $"'{path}'", parts, sources, strict: true, remedy);
        return parts;
    }

    /// <summary>Goes on from an average that was saved.</summary>
    internal void GoOn(List<StatePart> parts, int steps) => (_averages, Steps) = (parts, steps);

    private IEnumerable<StateSource> Sources() => Tensors().Select(pair => new StateSource(
        pair.Key, pair.Value, device => pair.Value.Device == device ? pair.Value : pair.Value.Keep(device)));

    /// <summary>The part of the new weights in the average of n earlier ones, which may be negative: those do not count yet.</summary>
    private double Share(int earlier) => earlier <= 0 ? 1
        : _decay is { } decay ? 1 - Math.Min(decay, (1.0 + earlier) / (10 + earlier))
        : 1.0 / (earlier + 1);

    /// <summary>a + share · (b − a).</summary>
    private readonly struct TowardMap(float share) : IBinaryMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.MultiplyAdd(T.Const(share), b - a, a);
    }
}
