namespace TinyNet.Core;

/// <summary>A function of one element, which a device applies to every element of a tensor.</summary>
/// <remarks>
/// What is written once over the lane type, as a struct, and given to a device:
/// <list type="bullet">
/// <item>a <b>map</b> (<see cref="IUnaryMap"/>, <see cref="IBinaryMap"/>, <see cref="ITernaryMap"/>) is a function of the elements
/// at one place, with no derivative: what <see cref="Device"/> computes with;</item>
/// <item>an <b>operation</b> (<see cref="IUnaryOp"/>, <see cref="IBinaryOp"/>) is a map with its derivative: what is differentiated;</item>
/// <item>a <b>reduction</b> (<see cref="IReduction"/>) makes one number of many;</item>
/// <item>an <b>update</b> (<see cref="IParameterUpdate"/>) changes a parameter and an optimizer's state in place.</item>
/// </list>
/// Settings (a slope) are fields of the struct, best of type float: in a loop over registers the conversion of a double makes every
/// pass wait for the one before.
/// </remarks>
public interface IUnaryMap
{
    /// <summary>The value y = f(x).</summary>
    T Forward<T>(T x) where T : struct, ILane<T>;
}

/// <summary>A map that gives 1 where something holds of an element, else 0.</summary>
internal interface IPredicateMap : IUnaryMap;

/// <summary>A function of two elements, which a device applies to every pair of elements after broadcasting.</summary>
public interface IBinaryMap
{
    /// <summary>The value y = f(a, b).</summary>
    T Forward<T>(T a, T b) where T : struct, ILane<T>;
}

/// <summary>A function of three elements, which a device applies to every three elements after broadcasting.</summary>
public interface ITernaryMap
{
    /// <summary>The value y = f(a, b, c).</summary>
    T Forward<T>(T a, T b, T c) where T : struct, ILane<T>;
}
