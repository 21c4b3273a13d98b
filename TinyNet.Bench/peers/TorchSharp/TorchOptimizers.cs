using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TinyNet.Bench;

/// <summary>Makes what updates some parameters by their gradients.</summary>
internal delegate Action TorchOptimizer(Parameter[] parameters);

/// <summary>TorchSharp's optimizers: managed loops over the parameters, with several native calls for each.</summary>
internal static class TorchOptimizers
{
    public static Action Adam(Parameter[] parameters) => Update(optim.Adam(parameters, 1e-3));

    // TorchSharp's weight decay is 0 by default, PyTorch's 0.01.
    public static Action AdamW(Parameter[] parameters) => Update(optim.AdamW(parameters, 3e-4, weight_decay: 0.01));

    public static Action Sgd(Parameter[] parameters) => Update(optim.SGD(parameters, 0.01, momentum: 0.9));

    private static Action Update(optim.Optimizer optimizer) => () => optimizer.step();
}

/// <summary>libtorch's fused optimizers (PyTorch's <c>fused=True</c>), which TorchSharp reaches through TorchScript only.</summary>
internal sealed class FusedOptimizer
{
    private const string AdamScript = """
        def step(params: List[Tensor], grads: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor]):
            torch._foreach_add_(steps, 1)
            none: List[Tensor] = []
            torch.NAME(params, grads, first, second, none, steps, lr=RATE, beta1=0.9, beta2=0.999, weight_decay=DECAY, eps=1e-08,
                amsgrad=False, maximize=False)
            return steps[0]
        """;

    // With momenta that start at 0, the first step is PyTorch's too, as there is no dampening.
    private const string SgdScript = """
        def step(params: List[Tensor], grads: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor]):
            torch._fused_sgd_(params, grads, first, weight_decay=0.0, momentum=0.9, lr=0.01, dampening=0.0, nesterov=False,
                maximize=False, is_first_step=False)
            return steps[0]
        """;

    private readonly jit.CompilationUnit _unit;
    private readonly Tensor[] _parameters, _gradients, _first, _second, _steps;

    private FusedOptimizer(string script, Parameter[] parameters)
    {
        _unit = TorchScripts.Compile(script);
        _parameters = [.. parameters];
        _gradients = new Tensor[parameters.Length];
        _first = Zeros();
        _second = script == SgdScript ? [zeros(1)] : Zeros();
        _steps = [.. parameters.Select(_ => zeros(1).squeeze(0))];

        Tensor[] Zeros() => [.. parameters.Select(parameter => zeros_like(parameter).detach())];
    }

    public static Action Sgd(Parameter[] parameters) => new FusedOptimizer(SgdScript, parameters).Step;

    public static Action Adam(Parameter[] parameters) => new FusedOptimizer(Script("_fused_adam_", "0.001", "0.0"), parameters).Step;

    public static Action AdamW(Parameter[] parameters) => new FusedOptimizer(Script("_fused_adamw_", "0.0003", "0.01"), parameters).Step;

    private static string Script(string name, string rate, string decay) => AdamScript
        .Replace("NAME", name, StringComparison.Ordinal)
        .Replace("RATE", rate, StringComparison.Ordinal)
        .Replace("DECAY", decay, StringComparison.Ordinal);

    private void Step()
    {
        using var none = no_grad();
        for (int i = 0; i < _parameters.Length; i++)
        {
            _gradients[i] = _parameters[i].grad!;
        }

        ((Tensor)_unit.invoke("step", _parameters, _gradients, _first, _second, _steps)).Dispose();
        foreach (var gradient in _gradients)
        {
            gradient.Dispose();
        }
    }
}
