using System.Reflection;
using System.Text;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Ilgpu;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.Bench;

/// <summary>Makes arguments of any type the public members have: mild ones, which may work, and wild ones.</summary>
/// <remarks>
/// Sizes are small or such that no array has them: what memory alone decides is not tried. What is made by no rule comes from a public
/// constructor, method or property that gives its type, with mild arguments.
/// </remarks>
internal sealed class ApiArguments(Random random)
{
    private const int Depth = 4;
    private static readonly Dictionary<Type, ApiMember[]> Producers = [];
    private static readonly Lock Gate = new();
    private static readonly int[][] MildShapes =
            [
        [], [1], [3], [4], [2, 3], [3, 3], [4, 4], [3, 4], [2, 4], [2, 3, 4], [3, 3, 4], [2, 4, 4], [2, 3, 4, 4], [1, 4, 5, 5],
        [0, 3], [3, 0],
    ];

    private static readonly int[][] WildShapes =
        [[int.MaxValue], [1 << 30, 0], [0, int.MaxValue], [1, 1, 1, 1, 1, 1], [7, 0, 2]];

    private readonly List<Tensor> _tensors = [];
    private readonly List<ApiOperand> _operands = [];

    /// <summary>Every tensor that was made as an argument or for something in one, in the order in which they were made.</summary>
    public IReadOnlyList<ApiOperand> Operands => _operands;

    /// <summary>An argument for a parameter.</summary>
    public object? For(ParameterInfo parameter, bool isWild)
    {
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        return !isWild && parameter.HasDefaultValue && OneIn(2) && !type.IsValueType
            ? parameter.DefaultValue
            : ByName(parameter, isWild) ?? Make(type, isWild, 0);
    }

    /// <summary>Whether there is a rule, or a member, that makes the type.</summary>
    public static bool CanMake(Type type)
    {
        type = type.IsByRef ? type.GetElementType()! : type;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsArray || type.IsValueType || type == typeof(object) || type == typeof(string)
            || type.IsAssignableTo(typeof(Delegate)) || type.IsAssignableTo(typeof(Tensor)) || IsSequence(type)
            || type == typeof(TensorVisitor) || type == typeof(IlgpuDevice) || type == typeof(Encoding) || type == typeof(TextWriter)
            || IsOfTraining(type)
            || ProducersOf(type).Length > 0;
    }

    /// <summary>A value of a type.</summary>
    public object? Make(Type type, bool isWild, int depth)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return OneIn(3) ? null : Make(underlying, isWild, depth);
        }

        if (isWild && OneIn(4))
        {
            return type.IsByRefLike ? null : type.IsValueType ? Activator.CreateInstance(type) : null;
        }

        if (type.IsByRefLike)
        {
            return ApiInvoker.IsSpan(type) ? Items(type.GetGenericArguments()[0], isWild, depth) : null;
        }

        if (type.IsArray)
        {
            var element = type.GetElementType()!;
            return type.GetArrayRank() == 1 ? Items(element, isWild, depth) : Array.CreateInstance(element, 2, 3);
        }

        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return isWild ? Enum.ToObject(type, 99) : values.GetValue(random.Next(values.Length));
        }

        return Simple(type, isWild) ?? Compound(type, isWild, depth);
    }

    /// <summary>What the name of a parameter decides; null where its type does.</summary>
    private object? ByName(ParameterInfo parameter, bool isWild) => (parameter.Name, parameter.Member.DeclaringType?.Name) switch
    {
        // Each device has threads of its own for ever.
        ("threads", _) => isWild ? OneOf(0, -1, int.MaxValue, int.MinValue) : 1,
        // That of a module is a text.
        ("path", nameof(ModuleInspection)) => null,
        ("path", nameof(HistoryFile)) => isWild ? OneOf("", "a", Path.Combine(ApiFiles.Missing, "a.csv")) : ApiFiles.Table,
        ("path", nameof(RunCheckpoint)) or ("path", "Trainer`3") when OneIn(2) => ApiTrainings.Checkpoint,
        ("path", nameof(CheckpointFolder)) => isWild ? OneOf("", "\0", ApiFiles.Missing) : Path.Combine(ApiFiles.Folder, "run"),

        // More would end some day.
        ("epochs", _) => isWild ? OneOf(-1, int.MinValue) : random.Next(4),
        ("path", _) => isWild ? OneOf("", ApiFiles.Folder, ApiFiles.Missing) : ApiFiles.Weights,
        _ => null,
    };

    private int Integer(bool isWild) => isWild
        ? OneOf(0, -1, -2, 7, 300, int.MaxValue, int.MaxValue - 1, int.MinValue)
        : OneOf(0, 1, 1, 2, 2, 3, 4, -1);

    private string Text(bool isWild) => isWild
        ? OneOf("", "no such name", "a.b", "\0", "weight")
        : OneOf("relu", "tanh", "x", "0", "cpu", "ij,jk->ik");

    private object? Simple(Type type, bool isWild) =>
        type == typeof(int) ? Integer(isWild)
        : type == typeof(long) ? isWild ? OneOf(long.MinValue, long.MaxValue, -1L) : (long)random.Next(4)
        : type == typeof(ulong) ? isWild ? ulong.MaxValue : (ulong)random.Next(4)
        : type == typeof(uint) ? (uint)random.Next(4)
        : type == typeof(bool) ? OneIn(2)
        : type == typeof(float) ? (float)Number(isWild)
        : type == typeof(double) ? Number(isWild)
        : type == typeof(string) ? Text(isWild)
        : type == typeof(object) ? "an object"
        : type == typeof(Shape) ? new Shape(OneOf(isWild && OneIn(2) ? WildShapes : MildShapes))
        : type == typeof(Axes) ? (Axes)(OneIn(2) ? OneOf(0, 1, -1) : isWild ? OneOf(9, int.MinValue) : 0)
        : type == typeof(Tensor) ? Tensor(isWild)
        : type == typeof(Parameter) ? Parameter(isWild)
        : type == typeof(IndexTensor) ? Index(isWild)
        : type == typeof(Device) ? OneOf<Device>(Device.Cpu, Device.Cpu, Device.Reference)
        : type == typeof(IlgpuDevice) ? IlgpuDevices.OnProcessor(threadsPerWarp: 2)
        : type == typeof(RandomStream) ? new RandomStream((ulong)random.Next(5))
        : type == typeof(TensorVisitor) ? new Onlooker()
        : type == typeof(TextWriter) ? new StringWriter()
        : type == typeof(Encoding) ? OneIn(2) ? Encoding.UTF8 : Encoding.Latin1
        : type == typeof(Module<Tensor, Tensor>) && OneIn(2) ? Layer()
        : IsOfTraining(type) && !OneIn(4) ? new ApiTrainings(random).Make(type)
        : null;

    private Module<Tensor, Tensor> Layer() => random.Next(5) switch
    {
        0 => new ReLU(),
        1 => new Dense(4, 3),
        2 => new Identity(),
        3 => new LayerNorm(4),
        _ => new Sequential(new Dense(4, 4), new ELU()),
    };

    private object? Compound(Type type, bool isWild, int depth)
    {
        if (type.IsAssignableTo(typeof(Delegate)))
        {
            return ApiFunctions.Make(type, isWild ? OneOf("throws", "gives nothing") : "echoes");
        }

        if (IsSequence(type))
        {
            return type.GetGenericArguments() is [_, var value]
                ? Named(value, isWild, depth)
                : Items(type.GetGenericArguments()[0], isWild, depth);
        }

        var producers = ProducersOf(type);
        for (int attempt = 0; attempt < 3 && depth < Depth && producers.Length > 0; attempt++)
        {
            var producer = producers[random.Next(producers.Length)];
            try
            {
                object? target = producer.HasTarget ? Make(producer.Method.DeclaringType!, isWild: false, depth + 1) : null;
                if (producer.HasTarget && target is null)
                {
                    continue;
                }

                object?[] arguments =
                [
                    .. producer.Parameters.Select(parameter => parameter.HasDefaultValue && OneIn(2) && !parameter.ParameterType.IsValueType
                        ? parameter.DefaultValue
                        : ByName(parameter, isWild: false) ?? Make(Plain(parameter.ParameterType), isWild && OneIn(2), depth + 1)),
                ];
                if (producer.Invoke(target, arguments) is { } made)
                {
                    return made;
                }
            }
            catch (Exception)
            {
                // Arguments need not fit each other: the next ones may. What is wrong with the refusal shows where the producer is called.
            }
        }

        return type.IsValueType ? Activator.CreateInstance(type) : null;
    }

    private Array Items(Type type, bool isWild, int depth)
    {
        var items = Array.CreateInstance(type, isWild ? OneOf(0, 1, 2, 9) : OneOf(1, 2, 2, 3));
        for (int i = 0; i < items.Length; i++)
        {
            items.SetValue(Make(type, isWild && OneIn(2), depth + 1), i);
        }

        return items;
    }

    private object Named(Type type, bool isWild, int depth)
    {
        var named = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), type))!;
        named["weight"] = Make(type, isWild, depth + 1);
        return named;
    }

    private Tensor Tensor(bool isWild)
    {
        if (_tensors.Count > 0 && OneIn(4))
        {
            // The same once more.
            return _tensors[random.Next(_tensors.Count)];
        }

        Device device = isWild && OneIn(3) ? Device.Reference : Device.Cpu;
        var shape = new Shape(OneOf(MildShapes));
        if (isWild && OneIn(3) && !Tape.IsRecordingNow && StepScope.Current is null)
        {
            using var scope = Tape.NoRecord();
            return Keep(Filled(shape, device, isWild).Copy());
        }

        var tensor = Filled(shape, device, isWild);
        return Keep(OneIn(3) ? tensor : OneIn(4) && shape.Rank == 2 ? tensor.Transpose() : new Parameter(tensor) { IsFrozen = OneIn(4) });
    }

    private Parameter Parameter(bool isWild)
    {
        var shape = new Shape(OneOf(MildShapes));
        var parameter = new Parameter(Filled(shape, Device.Cpu, isWild)) { IsFrozen = isWild && OneIn(2) };
        if (OneIn(2))
        {
            parameter.SetGradient(Filled(shape, Device.Cpu, isWild));
        }

        return Keep(parameter);
    }

    private Tensor Filled(in Shape shape, Device device, bool isWild)
    {
        var values = new float[shape.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = isWild ? (float)Number(true) : random.Next(3);
        }

        return TinyNet.Core.Tensor.From(values, shape, device);
    }

    private IndexTensor Index(bool isWild)
    {
        var shape = new Shape(OneOf(MildShapes));
        var values = new int[shape.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = isWild ? OneOf(0, -1, 5, int.MaxValue, int.MinValue) : random.Next(2);
        }

        var indices = IndexTensor.From(values, shape);
        _operands.Add(new ApiOperand(indices));
        return indices;
    }

    private T Keep<T>(T tensor) where T : Tensor
    {
        _tensors.Add(tensor);
        _operands.Add(new ApiOperand(tensor));
        return tensor;
    }

    private double Number(bool isWild) => isWild
        ? OneOf(double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1, 0, -0.0, 1e30, 1e-40, 1e300, 2, -3e38)
        : OneOf(0.5, 0.1, 1, 2, 0, 0.9, 1e-5);

    private static Type Plain(Type type) => type.IsByRef ? type.GetElementType()! : type;

    /// <summary>Whether there is a rule of <see cref="ApiTrainings"/>.</summary>
    private static bool IsOfTraining(Type type) => type == typeof(CheckpointFolder) || type == typeof(TrainingRun)
        || type == typeof(HistoryRow) || Has(type, typeof(DataLoader<>)) || Has(type, typeof(Trainer<,,>));

    private static bool Has(Type type, Type definition) =>
        type == typeof(object) ? false
        : type.IsGenericType && type.GetGenericTypeDefinition() == definition || (type.BaseType is { } other && Has(other, definition));

    private static bool IsSequence(Type type) => type.IsInterface && type.IsGenericType && type.Namespace == "System.Collections.Generic";

    /// <summary>The members that give a type: constructors where there are any.</summary>
    private static ApiMember[] ProducersOf(Type type)
    {
        lock (Gate)
        {
            if (Producers.TryGetValue(type, out var producers))
            {
                return producers;
            }

            ApiMember[] all = [.. ApiMember.All.Where(member => Plain(member.Result).IsAssignableTo(type))];
            ApiMember[] constructors = [.. all.Where(member => member.Method is ConstructorInfo)];
            return Producers[type] = constructors.Length > 0 ? constructors : all;
        }
    }

    private bool OneIn(int chances) => random.Next(chances) == 0;

    private T OneOf<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    private sealed class Onlooker : TensorVisitor;
}
