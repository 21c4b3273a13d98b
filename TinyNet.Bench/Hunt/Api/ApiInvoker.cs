using System.Reflection;
using System.Reflection.Emit;

namespace TinyNet.Bench;

/// <summary>Compiles a call with objects, of methods that take or give spans and references too, which reflection does not call.</summary>
internal static class ApiInvoker
{
    private static readonly MethodInfo
        Wrap = Own(nameof(ToReadOnlySpan)), WrapWritable = Own(nameof(ToSpan)), Unwrap = Own(nameof(FromSpan));

    /// <summary>Whether a type is a span of something.</summary>
    public static bool IsSpan(Type type) => type.IsGenericType
        && (type.GetGenericTypeDefinition() == typeof(ReadOnlySpan<>) || type.GetGenericTypeDefinition() == typeof(Span<>));

    /// <summary>A delegate that takes the target, a boxed struct perhaps, and the arguments; spans are given as arrays.</summary>
    public static Func<object?, object?[], object?> Compile(MethodBase method)
    {
        var dynamic = new DynamicMethod(
            "Call", typeof(object), [typeof(object), typeof(object[])], typeof(ApiInvoker).Module, skipVisibility: true);
        var il = dynamic.GetILGenerator();
        var owner = method.DeclaringType!;
        if (!method.IsStatic && method is MethodInfo)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(owner.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, owner);
        }

        var parameters = method.GetParameters();
        for (int i = 0; i < parameters.Length; i++)
        {
            var type = parameters[i].ParameterType;
            var element = type.IsByRef ? type.GetElementType()! : type;
            if (element.IsByRefLike && !IsSpan(element))
            {
                // Of others there is only the empty one.
                il.Emit(OpCodes.Ldloc, il.DeclareLocal(element));
            }
            else
            {
                il.Emit(OpCodes.Ldarg_1);
                il.Emit(OpCodes.Ldc_I4, i);
                il.Emit(OpCodes.Ldelem_Ref);
                Unbox(il, element);
            }

            if (type.IsByRef)
            {
                var local = il.DeclareLocal(element);
                il.Emit(OpCodes.Stloc, local);
                il.Emit(OpCodes.Ldloca, local);
            }
        }

        Type result;
        if (method is ConstructorInfo constructor)
        {
            il.Emit(OpCodes.Newobj, constructor);
            result = owner;
        }
        else
        {
            var info = (MethodInfo)method;
            il.Emit(info.IsStatic || owner.IsValueType ? OpCodes.Call : OpCodes.Callvirt, info);
            result = info.ReturnType;
        }

        if (result.IsByRef)
        {
            result = result.GetElementType()!;
            il.Emit(OpCodes.Ldobj, result);
        }

        Box(il, result);
        il.Emit(OpCodes.Ret);
        return dynamic.CreateDelegate<Func<object?, object?[], object?>>();
    }

    private static MethodInfo Own(string name) => typeof(ApiInvoker).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static void Unbox(ILGenerator il, Type type)
    {
        if (type.IsByRefLike)
        {
            bool isReadOnly = type.GetGenericTypeDefinition() == typeof(ReadOnlySpan<>);
            il.Emit(OpCodes.Call, (isReadOnly ? Wrap : WrapWritable).MakeGenericMethod(type.GetGenericArguments()));
        }
        else
        {
            il.Emit(OpCodes.Unbox_Any, type);
        }
    }

    private static void Box(ILGenerator il, Type type)
    {
        if (type == typeof(void))
        {
            il.Emit(OpCodes.Ldnull);
        }
        else if (IsSpan(type) && type.GetGenericTypeDefinition() == typeof(ReadOnlySpan<>))
        {
            il.Emit(OpCodes.Call, Unwrap.MakeGenericMethod(type.GetGenericArguments()));
        }
        else if (type.IsByRefLike)
        {
            // It stays on the stack alone; what ends with it ends here.
            var local = il.DeclareLocal(type);
            il.Emit(OpCodes.Stloc, local);
            if (type.GetMethod("Dispose", Type.EmptyTypes) is { } dispose)
            {
                il.Emit(OpCodes.Ldloca, local);
                il.Emit(OpCodes.Call, dispose);
            }

            il.Emit(OpCodes.Ldnull);
        }
        else if (type.IsValueType)
        {
            il.Emit(OpCodes.Box, type);
        }
    }

    private static ReadOnlySpan<T> ToReadOnlySpan<T>(object? array) => (T[]?)array;

    private static Span<T> ToSpan<T>(object? array) => (T[]?)array;

    private static T[] FromSpan<T>(ReadOnlySpan<T> span) => span.ToArray();
}
