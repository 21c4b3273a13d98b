using System.Reflection;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;
using ILGPU.Util;

namespace TinyNet.Ilgpu;

/// <summary>What each method of <see cref="GpuMath"/> is in PTX and in OpenCL C.</summary>
// By reflection, as ILGPU wants the methods of intrinsics.
#pragma warning disable RS0030
internal static class GpuIntrinsics
{
    // PTX has an instruction for each. In OpenCL C sums and products are fused multiply-adds that round as they do: what is written with
    // operators a compiler may fuse, never what is fused already. Operands are {0} to {2}; {3} is 1, {4} −1 and {5} −0.
    private static readonly Dictionary<string, (string Ptx, string OpenCl)> Instructions = new()
    {
        [nameof(GpuMath.Add)] = ("add.rn", "fma({0}, {3}, {1})"),
        [nameof(GpuMath.Subtract)] = ("sub.rn", "fma({1}, {4}, {0})"),
        [nameof(GpuMath.Multiply)] = ("mul.rn", "fma({0}, {1}, {5})"),
        [nameof(GpuMath.Divide)] = ("div.rn", "{0} / {1}"),
        [nameof(GpuMath.FusedMultiplyAdd)] = ("fma.rn", "fma({0}, {1}, {2})"),
        [nameof(GpuMath.Sqrt)] = ("sqrt.rn", "sqrt({0})"),
        [nameof(GpuMath.Floor)] = ("cvt.rmi", "floor({0})"),
        [nameof(GpuMath.Ceiling)] = ("cvt.rpi", "ceil({0})"),
        [nameof(GpuMath.Round)] = ("cvt.rni", "rint({0})"),
    };

    private static readonly MethodInfo EmitterOfPtx = ((Action<PTXBackend, PTXCodeGenerator, Value>)EmitPtx).Method;
    private static readonly MethodInfo EmitterOfOpenCl = ((Action<CLBackend, CLCodeGenerator, Value>)EmitOpenCl).Method;

    /// <summary>Makes the instructions known to a context, before it compiles.</summary>
    public static void Register(Context context)
    {
        var manager = context.GetIntrinsicManager();
        foreach (var method in typeof(GpuMath).GetMethods(BindingFlags.Public | BindingFlags.Static))
        {
            manager.RegisterMethod(method, new PTXIntrinsic(EmitterOfPtx, IntrinsicImplementationMode.GenerateCode));
            manager.RegisterMethod(method, new CLIntrinsic(EmitterOfOpenCl, IntrinsicImplementationMode.GenerateCode));
        }
    }

    private static void EmitPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var result = generator.AllocateHardware(value);
        string instruction = Instructions[call.Target.Source.Name].Ptx, type = IsDouble(value) ? ".f64" : ".f32";

        // A conversion names the types that it is from and to.
        string types = instruction.StartsWith("cvt", StringComparison.Ordinal) ? type + type : type;
        using var command = generator.BeginCommand(instruction + types);
        command.AppendArgument(result);
        for (int i = 0; i < call.Count; i++)
        {
            command.AppendArgument(generator.LoadPrimitive(call[i]));
        }
    }

    private static void EmitOpenCl(CLBackend backend, CLCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var result = generator.Allocate(value);
        object[] arguments = IsDouble(value) ? [0, 0, 0, 1d, -1d, -0d] : [0, 0, 0, 1f, -1f, -0f];
        for (int i = 0; i < call.Count; i++)
        {
            arguments[i] = generator.Load(call[i]);
        }

        using var statement = generator.BeginStatement(result);
        statement.AppendOperation((RawString)Instructions[call.Target.Source.Name].OpenCl, arguments);
    }

    private static bool IsDouble(Value value) => value.BasicValueType == BasicValueType.Float64;
}
#pragma warning restore RS0030
