using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Weights that do not fit a model: what is missing, unexpected, or of another shape. The model is as it was.</summary>
public sealed class WeightMismatchException : TensorException
{
    private const int MostShown = 20;

    internal WeightMismatchException(string operation, string problem, StateMismatch mismatch, string remedy)
        : base(
            operation,
            problem + Show("missing", mismatch.Missing) + Show("unexpected", mismatch.Unexpected)
            + Show("of another shape (axes as in files)", Shapes(mismatch)),
            remedy) =>
        (Missing, Unexpected, OtherShapes) = (mismatch.Missing, mismatch.Unexpected, Shapes(mismatch));

    /// <summary>The names of what the model has and the weights lack.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>The names of what the weights have and the model lacks.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Names with both shapes: <c>head.weight: [10, 64], the model has [5, 64]</c>.</summary>
    public IReadOnlyList<string> OtherShapes { get; }

    private static string[] Shapes(StateMismatch mismatch) =>
        [.. mismatch.OtherShapes.Select(part => $"{part.Name}: {part.Shapes}")];

    private static string Show(string what, IReadOnlyList<string> names) => names.Count == 0 ? "" :
        $"\n  {names.Count} {what}: {string.Join("; ", names.Take(MostShown).Select(SafetensorsHeader.Show))}"
        + (names.Count > MostShown ? "; …" : "");
}
