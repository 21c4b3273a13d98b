using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Logistic function: y = 1 / (1 + e^−x); dy/dx = y (1 − y). It does not overflow.</summary>
public sealed class Sigmoid : ElementWise<SigmoidOp>;
