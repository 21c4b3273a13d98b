using System.Reflection;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Ilgpu;
using TinyNet.Images;
using TinyNet.Layers;
using TinyNet.Training;
using Module = TinyNet.Layers.Module;

namespace TinyNet.Bench;

/// <summary>A public member that can be called, by reflection.</summary>
internal sealed class ApiMember
{
    private readonly Func<object?, object?[], object?> _invoke;

    /// <summary>A member, with types where it is generic.</summary>
    public ApiMember(MethodBase method)
    {
        Method = method;
        Parameters = [.. method.GetParameters()];
        _invoke = ApiInvoker.Compile(method);
        string arguments = string.Join(", ", Parameters.Select(parameter => ApiText.Of(parameter.ParameterType)));
        Name = method is ConstructorInfo
            ? $"new {ApiText.Of(method.DeclaringType!)}({arguments})"
            : $"{ApiText.Of(method.DeclaringType!)}.{method.Name}({arguments})";
    }

    /// <summary>The libraries.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        typeof(Tensor).Assembly, typeof(Tape).Assembly, typeof(Module).Assembly, typeof(DataLoader).Assembly, typeof(ImageFolder).Assembly,
        typeof(Trainer).Assembly, typeof(IlgpuDevice).Assembly,
    ];

    /// <summary>Every public member of the libraries.</summary>
    public static IReadOnlyList<ApiMember> All { get; } = [.. Find()];

    /// <summary>The public types, with the closed forms of generic ones that other public types derive from.</summary>
    public static IReadOnlyList<Type> Types { get; } = [.. FindTypes()];

    public MethodBase Method { get; }

    public ParameterInfo[] Parameters { get; }

    /// <summary>The type and the name, with the types of the parameters.</summary>
    public string Name { get; }

    /// <summary>What a call gives.</summary>
    public Type Result => Method is MethodInfo method ? method.ReturnType : Method.DeclaringType!;

    /// <summary>Whether there is an object to call it on.</summary>
    public bool HasTarget => Method is MethodInfo { IsStatic: false };

    public object? Invoke(object? target, object?[] arguments) => _invoke(target, arguments);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static IEnumerable<ApiMember> Find()
    {
        const BindingFlags declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var type in FindTypes())
        {
            // Downloads are not called: a hunt stays on the machine.
            IEnumerable<MethodBase> methods = type.GetMethods(declared)
                .Where(method => !method.IsAbstract && !method.ReturnType.IsAssignableTo(typeof(Task)))
                .Where(method => !method.GetParameters().Any(parameter => parameter.ParameterType.IsPointer));
            foreach (var method in type.IsAbstract ? methods : methods.Concat(type.GetConstructors()))
            {
                if (Close(method) is { } closed && !closed.Name.Contains('<'))
                {
                    yield return new ApiMember(closed);
                }
            }
        }
    }

    private static IEnumerable<Type> FindTypes()
    {
        Type[] exported =
        [
            .. Assemblies.SelectMany(assembly => assembly.GetExportedTypes())
                .Where(type => !type.IsInterface && !type.IsEnum && !type.IsByRefLike && !type.Name.Contains('<'))
                .Where(type => !type.IsAssignableTo(typeof(Delegate))),
        ];
        var bases = exported.Where(type => !type.IsGenericTypeDefinition)
            .SelectMany(type => Bases(type).Where(other => other.IsConstructedGenericType && other.Assembly != typeof(object).Assembly));
        Type[] closed =
        [
            typeof(ModuleList<ReLU>), typeof(DataLoader<Tensor>), typeof(DataLoader<RegressionBatch>), typeof(DataLoader<SequenceBatch>),
            typeof(Trainer<Tensor, Tensor, Tensor>), typeof(MeanOf<Tensor, Tensor>), typeof(MeanLoss<IndexTensor>),
        ];
        return exported.Where(type => !type.ContainsGenericParameters).Concat(bases).Concat(closed).Distinct();
    }

    private static IEnumerable<Type> Bases(Type type)
    {
        for (var other = type.BaseType; other is not null; other = other.BaseType)
        {
            yield return other;
        }
    }

    /// <summary>A generic method with types that fit its constraints; null where none of ours does.</summary>
    private static MethodBase? Close(MethodBase method)
    {
        if (!method.ContainsGenericParameters)
        {
            return method;
        }

        Type[] candidates = [typeof(Tensor), typeof(float), typeof(ScalarLane), typeof(SigmoidOp), typeof(MultiplyOp), typeof(Reduction)];
        var definition = (MethodInfo)method;
        var types = new Type[definition.GetGenericArguments().Length];
        foreach (var candidate in candidates)
        {
            Array.Fill(types, candidate);
            try
            {
                return definition.MakeGenericMethod(types);
            }
            catch (ArgumentException)
            {
                // The next one may fit.
            }
        }

        return null;
    }
}
