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

    // How many operands there were before each argument was made, and after the last.
    private readonly int[] _made;

    private ApiCall(int seed, int number, IReadOnlyList<ApiMember> members)
    {
        _number = number;
        _random = new Random(unchecked(seed * 7_919 + number * 104_729));
        _member = members[_random.Next(members.Count)];
        _arguments = new ApiArguments(_random);
        _target = _member.HasTarget ? _arguments.Make(_member.Method.DeclaringType!, isWild: false, 0) : null;
        int wild = _random.Next(4) switch { 0 => -1, 1 => int.MaxValue, _ => _random.Next(Math.Max(1, _member.Parameters.Length)) };
        _values = new object?[_member.Parameters.Length];
        _made = new int[_values.Length + 1];
        for (int i = 0; i < _values.Length; i++)
        {
            _made[i] = _arguments.Operands.Count;
            _values[i] = _arguments.For(_member.Parameters[i], wild == i || wild == int.MaxValue);
        }

        _made[^1] = _arguments.Operands.Count;
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

    /// <summary>How many storages, of tensors and of indices, are rented.</summary>
    public static int Outstanding() =>
        Device.Cpu.Pool.Outstanding + Device.Reference.Pool.Outstanding + IndexTensor.Pool.Outstanding;

    private ApiFault? Judge()
    {
        ApiOperand[] all = [.. _arguments.Operands], kept = [.. Kept()];
        Array.ForEach(all, operand => operand.Note());
        int rented = Outstanding();
        string? kind = null;
        bool isRefused = false;
        try
        {
            var tape = _random.Next(3) switch { 0 => Tape.Record(), 1 => Tape.NoRecord(), _ => null };
            try
            {
                object? result = Invoke(ref isRefused);
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

        if (kind is null && Outstanding() - rented is not 0 and var left)
        {
            kind = $"{left} buffers outstanding";
        }

        kind ??= Array.Exists(kept, operand => operand.IsChanged()) ? "an argument was changed"
            : isRefused && Array.Exists(all, operand => operand.IsChanged()) ? "an argument was changed, and then the call refused"
            : null;
        return kind is null ? null : Fault(kind);
    }

    /// <summary>Calls, and notes a refusal; where a function that was given fails, what was done before it need not be undone.</summary>
    private object? Invoke(ref bool isRefused)
    {
        try
        {
            return _member.Invoke(_target, _values);
        }
        catch (Exception exception)
        {
            isRefused = exception is not FunctionFailure;
            throw;
        }
    }

    /// <summary>
    /// The operands that a call must leave as they are, also if it does what it is told: all but those of the target, of arguments that are
    /// written, and what shares memory with them.
    /// </summary>
    private IEnumerable<ApiOperand> Kept()
    {
        var written = new HashSet<Storage>();
        for (int i = 0; i < _values.Length; i++)
        {
            if (Written.Contains(_member.Parameters[i].Name))
            {
                written.UnionWith(_arguments.Operands.Take(_made[i]..(_made[i + 1])).Select(operand => operand.Storage));
                written.UnionWith(_values[i] is Tensor tensor ? [tensor.Storage] : []);
            }
        }

        written.UnionWith(_arguments.Operands.Take(_made[0]).Select(operand => operand.Storage));
        return _arguments.Operands.Where(operand => !written.Contains(operand.Storage));
    }

    /// <summary>Null for a refusal that says what is wrong in the library's own words.</summary>
    private string? Kind(Exception exception)
    {
        if (exception is TensorException or FunctionFailure or IOException or UnauthorizedAccessException)
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
