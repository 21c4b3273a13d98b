using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Hyperbolic tangent: y = (e^x − e^−x) / (e^x + e^−x); dy/dx = 1 − y².</summary>
/// <remarks>
/// Range: −1 &lt; y &lt; 1. The derivative is computed from the output, within 2.2e-7.
/// Paper: none, elementary.
/// </remarks>
public sealed class Tanh : Elementwise<TanhOp>;
