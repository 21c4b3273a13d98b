using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Analysis;

/// <summary>Figures of activations that texts about them show.</summary>
public static class ActivationFigures
{
    /// <summary>ReLU, sigmoid and tanh from −5 to 5.</summary>
    public static Figure Classic() => Report("ReLU, sigmoid and tanh", 5, 100, Named("relu", "sigmoid", "tanh")).ToFunctionFigure();

    /// <summary>Sigmoid and tanh from −10 to 10: where they saturate.</summary>
    public static Figure SigmoidAndTanh() => Report("Sigmoid and tanh", 10, 100, Named("sigmoid", "tanh")).ToFunctionFigure();

    /// <summary>The derivatives of sigmoid and tanh from −10 to 10.</summary>
    public static Figure SigmoidAndTanhSlopes() =>
        Report("Derivatives of sigmoid and tanh", 10, 100, Named("sigmoid", "tanh")).ToSlopeFigure();

    /// <summary>ReLU and its relatives from −5 to 5: leaky, with a learned slope that begins at 0.05, and exponential.</summary>
    public static Figure RectifierFamily() => Report(
        "ReLU and its relatives", 5, 100,
        [.. Named("relu", "leaky_relu"), ("prelu 0.05", new PReLU(initialSlope: 0.05f)), .. Named("elu")]).ToFunctionFigure();

    /// <summary>Swish with β = 1 and 2, and GELU, from −5 to 5.</summary>
    public static Figure SwishAndGelu() => Report(
        "Swish and GELU", 5, 200, [.. Named("swish"), ("swish β = 2", new Swish(2)), .. Named("gelu")]).ToFunctionFigure();

    /// <summary>GELU, swish and mish from −5 to 5.</summary>
    public static Figure SmoothFamily() => Report("GELU, swish and mish", 5, 100, Named("gelu", "swish", "mish")).ToFunctionFigure();

    /// <summary>Swish, mish, snake and GELU from −5 to 5, with their derivatives.</summary>
    public static Figure SmoothFamilyWithSlopes() =>
        Report("Swish, mish, snake and GELU", 5, 1000, Named("swish", "mish", "snake", "gelu")).ToFigure();

    /// <summary>A function of one's own, x² / 2 above 0 and softplus below, with its derivative, from −5 to 5.</summary>
    public static Figure SquareSoftplus() =>
        ActivationCurve.Of(new SquareSoftplus(), "square softplus", -5, 5, 100).ToFigure();

    private static (string Name, Module<Tensor, Tensor> Module)[] Named(params string[] names) =>
        [.. names.Select(name => (name, Activation.FromName(name)))];

    private static ActivationReport Report(
        string title, double limit, int points, IReadOnlyList<(string Name, Module<Tensor, Tensor> Module)> activations) =>
        ActivationReport.Of(title, activations, -limit, limit, points);
}
