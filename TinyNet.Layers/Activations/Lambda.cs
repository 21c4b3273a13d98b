using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// One's own function of tensor operations as a module; its gradient falls out. For a function with learned parameters derive from
/// <see cref="Module{TIn, TOut}"/> instead, for a function of one number write an <see cref="IUnaryOp"/> (<see cref="Elementwise{TOp}"/>).
/// </summary>
/// <param name="function">The function.</param>
/// <param name="name">Its name in messages.</param>
/// <example><code>new Sequential(new Dense(4, 8), new Lambda(x => x * x.Sigmoid(), "silu"), new Dense(8, 1))</code></example>
public sealed class Lambda(Func<Tensor, Tensor> function, string name = "Lambda") : Module<Tensor, Tensor>
{
    private readonly Func<Tensor, Tensor> _function = function ?? throw new ArgumentNullException(nameof(function));

    /// <inheritdoc/>
    public override string Describe() => $"{name}()";

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor input) => _function(input);
}
