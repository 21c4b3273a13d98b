using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Changes parameters by their gradients. Parameters without a fresh gradient, and frozen ones, stay as they are.</summary>
public abstract class Optimizer
{
    private readonly Parameter[] _parameters;
    private readonly HookList<Action<Parameter>> _beforeUpdate = new(), _afterUpdate = new();

    /// <summary>Takes the parameters to change.</summary>
    /// <exception cref="ArgumentException">There are none, or one is given twice.</exception>
    protected Optimizer(IEnumerable<Parameter> parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        foreach (var parameter in _parameters)
        {
            ArgumentNullException.ThrowIfNull(parameter, nameof(parameters));
        }

        LearningRate = learningRate;
        if (_parameters.Length == 0)
        {
            throw new ArgumentException("there are no parameters to optimize: is the model built, and does it register its layers?", nameof(parameters));
        }

        if (_parameters.GroupBy(parameter => parameter).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new ArgumentException($"parameter '{repeated.Key.Name}' is given twice: it would be updated twice a step", nameof(parameters));
        }
    }

    /// <summary>The parameters, in order.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The step size; may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float LearningRate
    {
        get;
        set => field = value >= 0 && float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "a learning rate is 0 or more");
    }

    /// <summary>Calls a function with each parameter before it is updated.</summary>
    public HookHandle BeforeUpdate(Action<Parameter> hook) => _beforeUpdate.Add(hook);

    /// <summary>Calls a function with each parameter after it was updated.</summary>
    public HookHandle AfterUpdate(Action<Parameter> hook) => _afterUpdate.Add(hook);

    /// <summary>Updates every parameter that has a fresh gradient. The gradients stay readable; the next backward pass overwrites them.</summary>
    /// <remarks>Where a hook throws, the gradients of the parameters that were not updated count as used too.</remarks>
    public void Step()
    {
        try
        {
            UpdateAll();
        }
        finally
        {
            foreach (var parameter in _parameters)
            {
                parameter.Spend();
            }
        }
    }

    private void UpdateAll()
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            var parameter = _parameters[i];
            if (parameter.IsFrozen || parameter.IsGradientSpent || parameter.Gradient is not { } gradient)
            {
                continue;
            }

            foreach (var hook in _beforeUpdate.Hooks)
            {
                hook(parameter);
            }

            Update(i, parameter, gradient);
            parameter.Storage.MarkWritten();
            parameter.Spend();
            foreach (var hook in _afterUpdate.Hooks)
            {
                hook(parameter);
            }
        }
    }

    /// <summary>Forgets all gradients.</summary>
    public void ClearGradients()
    {
        foreach (var parameter in _parameters)
        {
            parameter.ClearGradient();
        }
    }

    /// <summary>Updates one parameter in place.</summary>
    /// <param name="index">Its place in <see cref="Parameters"/>, for state.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient.</param>
    private protected abstract void Update(int index, Parameter parameter, Tensor gradient);

    /// <summary>Zeros like a parameter, that last.</summary>
    private protected static Tensor NewState(Parameter parameter) => Tensor.Zeros(parameter.Shape, parameter.Device);

    /// <summary>State on the device of its parameter, which may have moved since the last step.</summary>
    private protected static Tensor Follow(Tensor state, Parameter parameter) => state.Device == parameter.Device ? state : state.Keep(parameter.Device);

    private protected static float NotNegative(float value, string name) =>
        value >= 0 && float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "must be 0 or more");

    private protected static float Fraction(float value, string name) =>
        value >= 0 && value < 1 ? value : throw new ArgumentOutOfRangeException(name, value, "must be at least 0 and less than 1");
}
