using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// An optimizer with settings of its own kind, and the base of optimizers of one's own: those write down the names of their states and,
/// in <see cref="Update"/>, what becomes of one parameter. Groups, schedules, clipping, hooks and state come with it.
/// </summary>
/// <remarks>
/// The arithmetic is a struct (<see cref="IParameterUpdate"/>) that a device runs over all elements in one pass; what depends on the step
/// only, such as a bias correction, is computed beforehand and put into its fields.
/// </remarks>
/// <example>
/// <code>
/// public sealed class SignDescent : Optimizer&lt;SignOptions&gt;
/// {
///     public SignDescent(params ParameterGroup&lt;SignOptions&gt;[] groups) : base(groups) { }
///
///     protected override string Kind => nameof(SignDescent);
///
///     protected override ReadOnlySpan&lt;string&gt; StateNames => [];
///
///     protected override void Update(ParameterGroup&lt;SignOptions&gt; group, ParameterMemory memory) =>
///         Run(memory, new SignUpdate(group.LearningRate));
///
///     internal readonly struct SignUpdate(float rate) : IParameterUpdate
///     {
///         public void Apply&lt;T&gt;(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2)
///             where T : struct, ILane&lt;T&gt; =>
///             parameter -= T.Select(gradient &lt; T.Zero, T.Const(-rate), T.Const(rate));
///     }
/// }
///
/// public sealed record SignOptions() : OptimizerOptions(1e-4f);
/// </code>
/// </example>
/// <typeparam name="TOptions">The settings of a group.</typeparam>
public abstract partial class Optimizer<TOptions> : Optimizer where TOptions : OptimizerOptions
{
    private readonly (ParameterGroup<TOptions> Group, ParameterMemory[] Memories)[] _work;
    private readonly List<UpdateQueue> _queues = [];
    private UpdateQueue? _queue;

    /// <summary>Makes the optimizer with all parameters in one group.</summary>
    /// <param name="parameters">The parameters to change.</param>
    /// <param name="options">How they are treated.</param>
    /// <exception cref="ArgumentException">There are no parameters, one is given twice, or settings do not go together.</exception>
    protected Optimizer(IEnumerable<Parameter> parameters, TOptions options) : this([ParameterGroup.Of(parameters, options)])
    {
    }

    /// <summary>Makes the optimizer with groups of parameters.</summary>
    /// <param name="groups">The groups, each with its settings.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is given twice.</exception>
    protected Optimizer(params ParameterGroup<TOptions>[] groups) : base(Checked(groups))
    {
        _work = Array.ConvertAll(groups, group => (group, Array.ConvertAll([.. group.Named.Named],
            named => new ParameterMemory(this, named.Parameter, named.Name))));
    }

    /// <summary>The name of the kind, for states and messages: <c>Adam</c>.</summary>
    protected abstract string Kind { get; }

    /// <summary>The names of the states, at most three, by slot: <c>mean</c>, <c>root mean square</c>, ….</summary>
    protected abstract ReadOnlySpan<string> StateNames { get; }

    internal sealed override int CountStates() => NamesOfStates().Length;

    /// <summary>
    /// Whether a group, as it is set, has the state of a slot; <see cref="LoadState"/> asks. By default every parameter has all.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="slot">The place of the state in <see cref="StateNames"/>.</param>
    protected virtual StateUse Use(ParameterGroup<TOptions> group, int slot) => StateUse.Required;

    /// <summary>
    /// Updates one parameter, which has a fresh gradient, and its states: fills the struct of the update and calls <see cref="Run"/>.
    /// </summary>
    /// <param name="group">The group, with the learning rate and momentum in force.</param>
    /// <param name="memory">The parameter with what is remembered of it.</param>
    protected abstract void Update(ParameterGroup<TOptions> group, ParameterMemory memory);

    /// <summary>The kind and the groups, in one line.</summary>
    public override string ToString() => SettingsText.Of(Kind, ("", string.Join("; ", Groups)));

    /// <summary>
    /// Has the device of a parameter run an update over it. Updates of one kind may be collected and run together: they have run
    /// when <see cref="Optimizer.Step"/> returns, or the hooks of the parameter are called.
    /// </summary>
    /// <param name="memory">The parameter, as <see cref="Update"/> was given it.</param>
    /// <param name="update">The update.</param>
    /// <param name="state0">
    /// What the update is to see and change as its first state, of <see cref="ParameterMemory.State"/>; null for none.
    /// </param>
    /// <param name="state1">The second state.</param>
    /// <param name="state2">The third state.</param>
    /// <exception cref="TensorException">
    /// A state has another shape than the parameter, is on another device, or does not lie in row-major order.
    /// </exception>
    protected void Run<TUpdate>(ParameterMemory memory, TUpdate update, Tensor? state0 = null, Tensor? state1 = null, Tensor? state2 = null)
        where TUpdate : struct, IParameterUpdate
    {
        ArgumentNullException.ThrowIfNull(memory);
        var parameter = memory.Parameter;
        var gradient = parameter.Gradient
            ?? throw new InvalidOperationException($"parameter '{parameter.Name}' has no gradient to update it by");
        EnsureFits(parameter, state0, 0);
        EnsureFits(parameter, state1, 1);
        EnsureFits(parameter, state2, 2);
        QueueOf<TUpdate>(parameter.Device).Add(new ParameterStep<TUpdate>(update, parameter, gradient, state0, state1, state2));
    }

    private protected sealed override void UpdateAll()
    {
        NamesOfStates();
        try
        {
            foreach (var (group, memories) in _work)
            {
                foreach (var memory in memories)
                {
                    var parameter = memory.Parameter;
                    if (IsToUpdate(parameter))
                    {
                        UpdateOne(group, memory);
                    }
                }
            }
        }
        finally
        {
            RunQueue();
        }
    }

    private void UpdateOne(ParameterGroup<TOptions> group, ParameterMemory memory)
    {
        // A hook may have thawed it since the step began.
        Claim(memory.Parameter);
        NotifyBefore(memory.Parameter);
        if (!IsToUpdate(memory.Parameter))
        {
            // A hook has taken the gradient away, or frozen the parameter.
            return;
        }

        var (steps, product) = (memory.Steps, memory.MomentumProduct);
        try
        {
            // What has run for so long that its steps are no int any more has nothing left that depends on their number.
            memory.Steps = steps < int.MaxValue ? steps + 1 : steps;
            Update(group, memory);
        }
        catch
        {
            // It was not updated.
            (memory.Steps, memory.MomentumProduct) = (steps, product);
            throw;
        }

        if (HasHooks)
        {
            // A hook sees its parameter updated, and those after it not yet.
            RunQueue();
            memory.Parameter.Spend();
            NotifyAfter(memory.Parameter);
        }
    }

    private static bool IsToUpdate(Parameter parameter) => parameter is { IsFrozen: false, IsGradientSpent: false, Gradient: not null };

    /// <summary>The names of the states, of which a device updates three.</summary>
    private ReadOnlySpan<string> NamesOfStates() => StateNames.Length <= ParameterMemory.MaxStates
        ? StateNames
        : throw new InvalidOperationException(
            $"{Kind} names {StateNames.Length} states ({string.Join(", ", StateNames.ToArray())}): "
            + $"an update has at most {ParameterMemory.MaxStates}");

    /// <summary>Refuses a state that the device would read or write beyond, as it takes all to lie in memory like the parameter.</summary>
    private void EnsureFits(Parameter parameter, Tensor? state, int slot)
    {
        if (state is null)
        {
            return;
        }

        state.EnsureAlive(Kind);
        if (state.Shape != parameter.Shape || state.Device != parameter.Device || !state.Layout.IsContiguous)
        {
            throw new TensorException(Kind,
                $"state {slot} for parameter '{parameter.Name}' is of shape {state.Shape} on {state.Device}"
                + $"{(state.Layout.IsContiguous ? "" : ", not in row-major order")}; the parameter is of shape {parameter.Shape} on "
                + $"{parameter.Device}", $"give what memory.State({slot}) returns");
        }
    }

    /// <summary>
    /// Where updates of a kind wait for each other. What waits of another kind, or on another device, runs first: order is kept.
    /// </summary>
    private UpdateQueue<TUpdate> QueueOf<TUpdate>(Device device) where TUpdate : struct, IParameterUpdate
    {
        if (_queue is UpdateQueue<TUpdate> open && open.Device == device)
        {
            return open;
        }

        RunQueue();
        UpdateQueue<TUpdate>? queue = null;
        foreach (var known in _queues)
        {
            queue ??= known as UpdateQueue<TUpdate>;
        }

        if (queue is null)
        {
            _queues.Add(queue = new UpdateQueue<TUpdate>());
        }

        queue.Device = device;
        _queue = queue;
        return queue;
    }

    private void RunQueue()
    {
        var queue = _queue;
        _queue = null;
        queue?.Run();
    }

    private static ParameterGroup[] Checked(ParameterGroup<TOptions>[] groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (var group in groups)
        {
            ArgumentNullException.ThrowIfNull(group, nameof(groups));
        }

        return [.. groups];
    }
}
