using System.Text.Json;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>
/// What the operation of a case is configured with. Attributes may override those of another set, as a parameter group does.
/// </summary>
internal sealed class CaseAttributes(JsonElement json, CaseAttributes? fallback = null)
{
    public bool Has(string name) => TryFind(name, out _);

    /// <summary>Whether it is there and set: null means not set.</summary>
    public bool IsGiven(string name) => Has(name) && !IsNull(name);

    public JsonElement Element(string name) =>
        TryFind(name, out var value) ? value : throw new FormatException($"attribute \"{name}\" is missing");

    public int Int(string name) => Int(Element(name));

    public int? OptionalInt(string name) => IsNull(name) ? null : Int(name);

    /// <summary>A list of integers; one alone counts as a list of one.</summary>
    public int[] Ints(string name)
    {
        var value = Element(name);
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Int)] : [Int(value)];
    }

    /// <summary>Axes to reduce: one, several, or null for all.</summary>
    public Axes Axes(string name) => IsNull(name) ? default : new Axes(Ints(name));

    public double Number(string name) => CaseTensor.Number(Element(name));

    public float Float(string name) => (float)Number(name);

    public float? OptionalFloat(string name) => IsNull(name) ? null : Float(name);

    public bool Flag(string name) => Element(name).GetBoolean();

    public string Text(string name) => Element(name).GetString() ?? throw new FormatException($"attribute \"{name}\" is null");

    public bool IsText(string name) => Element(name).ValueKind == JsonValueKind.String;

    public bool IsList(string name) => Element(name).ValueKind == JsonValueKind.Array;

    public bool IsNull(string name) => Element(name).ValueKind == JsonValueKind.Null;

    private static int Int(JsonElement value)
    {
        double number = CaseTensor.Number(value);
        return number == Math.Floor(number) ? checked((int)number) : throw new FormatException($"{value.GetRawText()} is no integer");
    }

    private bool TryFind(string name, out JsonElement value) =>
        json.TryGetProperty(name, out value) || (fallback is not null && fallback.TryFind(name, out value));
}
