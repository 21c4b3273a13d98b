using System.Diagnostics;
using System.Reflection;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>What is wrong with a call.</summary>
/// <param name="Number">The number of the call, by which it is found again.</param>
/// <param name="Member">What was called.</param>
/// <param name="Kind">What it did: the name of an exception, or what else.</param>
/// <param name="Call">The arguments, in words.</param>
internal sealed record ApiFault(int Number, string Member, string Kind, string Call);

/// <summary>One call of a random member with random arguments, which depend on nothing but the seed and the number of the call.</summary>
internal sealed class ApiCall
{
    /// <summary>Arguments that an operation is told to change.</summary>
    private static readonly string[] Written = ["runningMean", "runningVariance", "destination"];

    private readonly int _number;
    private readonly ApiMember _member;
    private readonly ApiArguments _arguments;
    private readonly Random _random;
    private readonly object? _target;
    private readonly object?[] _values;

    private ApiCall(int seed, int number, IReadOnlyList<ApiMember> members)
    {
        _number = number;
        _random = new Random(unchecked(seed * 7_919 + number * 104_729));
        _member = members[_random.Next(members.Count)];
        _arguments = new ApiArguments(_random);
        _target = _member.HasTarget ? _arguments.Make(_member.Method.DeclaringType!, isWild: false, 0) : null;
        int wild = _random.Next(4) switch { 0 => -1, 1 => int.MaxValue, _ => _random.Next(Math.Max(1, _member.Parameters.Length)) };
        _values = [.. _member.Parameters.Select((parameter, i) => _arguments.For(parameter, wild == i || wild == int.MaxValue))];
    }

    /// <summary>Makes the arguments and calls; gives what is wrong.</summary>
    public static ApiFault? Run(int seed, int number, IReadOnlyList<ApiMember> members)
    {
        var defaultDevice = Device.Default;
        try
        {
            var call = new ApiCall(seed, number, members);
            return call._member.HasTarget && call._target is null ? null : call.Judge();
        }
        finally
        {
            StepScope.Current?.Close();
            Device.Default = defaultDevice;
        }
    }

    /// <summary>What a call does, in words, without doing it.</summary>
    public static ApiFault Describe(int seed, int number, IReadOnlyList<ApiMember> members, string kind) =>
        new ApiCall(seed, number, members).Fault(kind);

    private ApiFault? Judge()
    {
        uint[][] before = [.. _arguments.Tensors.Select(Bits)];
        int cpu = Device.Cpu.Pool.Outstanding, reference = Device.Reference.Pool.Outstanding;
        string? kind = null;
        try
        {
            var tape = _random.Next(3) switch { 0 => Tape.Record(), 1 => Tape.NoRecord(), _ => null };
            try
            {
                object? result = _member.Invoke(_target, _values);
                if (result is Tensor { IsAlive: true, HasHistory: true } tensor && tape is not null && Tape.IsRecordingNow)
                {
                    tape.Backward(tensor, Tensor.Ones(tensor.Shape, tensor.Device));
                }

                (result as IDisposable)?.Dispose();
            }
            finally
            {
                tape?.Dispose();
                StepScope.Current?.Close();
            }
        }
        catch (Exception exception)
        {
            kind = Kind(exception);
        }

        if (kind is null && Device.Cpu.Pool.Outstanding - cpu + Device.Reference.Pool.Outstanding - reference is not 0 and var left)
        {
            kind = $"{left} buffers outstanding";
        }

        kind ??= Changed(before);
        return kind is null ? null : Fault(kind);
    }

    private string? Changed(uint[][] before)
    {
        for (int i = 0; i < before.Length; i++)
        {
            var tensor = _arguments.Tensors[i];
            int place = Array.FindIndex(_values, value => ReferenceEquals(value, tensor));
            bool isBystander = place >= 0
                && !Written.Contains(_member.Parameters[place].Name)
                && (_target as Tensor)?.Storage != tensor.Storage
                && _values.OfType<Tensor>().All(other => other == tensor || other.Storage != tensor.Storage);
            if (isBystander && !before[i].AsSpan().SequenceEqual(Bits(tensor)))
            {
                return "an argument was changed";
            }
        }

        return null;
    }

    private static uint[] Bits(Tensor tensor) =>
        tensor.IsAlive ? Array.ConvertAll(tensor.ToArray(), BitConverter.SingleToUInt32Bits) : [];

    /// <summary>Null for a refusal that says what is wrong in the library's own words.</summary>
    private string? Kind(Exception exception)
    {
        if (exception is TensorException or FunctionFailure)
        {
            return null;
        }

        bool isRefusal = exception is ArgumentException or NotSupportedException or ObjectDisposedException
            || exception.GetType() == typeof(InvalidOperationException);
        var trace = new StackTrace(exception);
        return isRefusal && IsOurs(trace) ? null : $"{exception.GetType().Name} in {Where(trace)}";
    }

    /// <summary>Whether an exception was thrown by the libraries, or by a check of the runtime's exceptions that they called.</summary>
    private static bool IsOurs(StackTrace trace)
    {
        // What has no type is the compiled call, into which a short member was inlined.
        var thrower = trace.GetFrames()
            .Select(frame => frame.GetMethod())
            .FirstOrDefault(method => method?.DeclaringType?.IsAssignableTo(typeof(Exception)) != true);
        return thrower is not null && (thrower.DeclaringType is null || IsOurs(thrower));
    }

    /// <summary>The innermost method of the libraries.</summary>
    private string Where(StackTrace trace)
    {
        var ours = trace.GetFrames().Select(frame => frame.GetMethod()).FirstOrDefault(IsOurs);
        return ours is null ? _member.Name : $"{ApiText.Of(ours.DeclaringType!)}.{ours.Name}";
    }

    private static bool IsOurs(MethodBase? method) =>
        method?.DeclaringType?.Assembly is { } assembly && assembly != typeof(ApiCall).Assembly && ApiMember.Assemblies.Contains(assembly);

    private ApiFault Fault(string kind)
    {
        string target = _member.HasTarget ? $"on {ApiText.Of(_target)}: " : "";
        return new ApiFault(_number, _member.Name, kind, $"{target}({string.Join(", ", _values.Select(ApiText.Of))})");
    }
}
