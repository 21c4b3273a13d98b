using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Hyperbolic tangent: y = (e^x − e^−x) / (e^x + e^−x); dy/dx = 1 − y².</summary>
public sealed class Tanh : ElementWise<TanhOp>;
