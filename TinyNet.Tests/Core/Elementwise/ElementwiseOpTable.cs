namespace TinyNet.Tests.Core;

/// <summary>
/// One row for every element-wise operation: where it is smooth, some values, and the values at 0, −0, nan, ∞ and −∞ (for two
/// operands: each of these with 0, nan, ∞, −∞, 2 and −1). The values are PyTorch's, in double precision, nan for
/// −∞ · 0 included; TanhGELU and a swish of a learned slope have the limit.
/// </summary>
internal static partial class ElementwiseOpTable
{
    private const double NaN = double.NaN;
    private const double Inf = double.PositiveInfinity;

    public static UnaryRow[] Unary { get; } = [.. Functions(), .. Activations()];

    public static BinaryRow[] Binary { get; } = Pairs();
}
