using System.Linq.Expressions;

namespace TinyNet.Bench;

/// <summary>What a function that was given to the library throws.</summary>
internal sealed class FunctionFailure() : Exception("the function failed");

/// <summary>Makes functions of any type: such that give back what they get, or nothing, or throw.</summary>
internal static class ApiFunctions
{
    private static readonly Dictionary<(Type, string), Delegate> Made = [];

    public static Delegate Make(Type type, string kind)
    {
        if (Made.TryGetValue((type, kind), out var made))
        {
            return made;
        }

        var invoke = type.GetMethod("Invoke")!;
        ParameterExpression[] parameters = [.. invoke.GetParameters().Select(parameter => Expression.Parameter(parameter.ParameterType))];
        var array = parameters.FirstOrDefault(
            parameter => parameter.Type.IsArray && parameter.Type.GetElementType() == invoke.ReturnType);
        var given = parameters.FirstOrDefault(parameter => invoke.ReturnType.IsAssignableFrom(parameter.Type));
        Expression body = kind switch
        {
            "throws" => Expression.Throw(Expression.New(typeof(FunctionFailure)), invoke.ReturnType),
            "echoes" when given is not null => given,
            "echoes" when array is not null => Expression.Condition(
                    Expression.GreaterThan(Expression.ArrayLength(array), Expression.Constant(0)),
                    Expression.ArrayIndex(array, Expression.Constant(0)),
                    Expression.Default(invoke.ReturnType)),
            _ => Expression.Default(invoke.ReturnType),
        };
        return Made[(type, kind)] = Expression.Lambda(type, body, $"that {kind}", parameters).Compile();
    }
}
