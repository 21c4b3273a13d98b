using ILGPU.IR.Intrinsics;

namespace TinyNet.Ilgpu;

/// <summary>
/// Arithmetic that a GPU compiler leaves as it is written: ILGPU would join constants as if floats were real numbers, and drivers would
/// fuse products with sums. <see cref="GpuIntrinsics"/> has the instruction of each; the bodies are what ILGPU's processor accelerator
/// runs.
/// </summary>
/// <remarks>
/// All of it rounds to the nearest number, but quotients and roots of floats in OpenCL: they are as exact as OpenCL promises, within 2.5
/// and 3 units in the last place.
/// </remarks>
internal static class GpuMath
{
    [IntrinsicImplementation]
    public static float Add(float a, float b) => a + b;

    [IntrinsicImplementation]
    public static float Subtract(float a, float b) => a - b;

    [IntrinsicImplementation]
    public static float Multiply(float a, float b) => a * b;

    [IntrinsicImplementation]
    public static float Divide(float a, float b) => a / b;

    [IntrinsicImplementation]
    public static float FusedMultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    [IntrinsicImplementation]
    public static float Sqrt(float a) => MathF.Sqrt(a);

    [IntrinsicImplementation]
    public static float Floor(float a) => MathF.Floor(a);

    [IntrinsicImplementation]
    public static float Ceiling(float a) => MathF.Ceiling(a);

    [IntrinsicImplementation]
    public static float Round(float a) => MathF.Round(a);

    [IntrinsicImplementation]
    public static double Add(double a, double b) => a + b;

    [IntrinsicImplementation]
    public static double Subtract(double a, double b) => a - b;

    [IntrinsicImplementation]
    public static double Multiply(double a, double b) => a * b;

    [IntrinsicImplementation]
    public static double Divide(double a, double b) => a / b;

    [IntrinsicImplementation]
    public static double FusedMultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    [IntrinsicImplementation]
    public static double Sqrt(double a) => Math.Sqrt(a);

    [IntrinsicImplementation]
    public static double Floor(double a) => Math.Floor(a);

    [IntrinsicImplementation]
    public static double Ceiling(double a) => Math.Ceiling(a);

    [IntrinsicImplementation]
    public static double Round(double a) => Math.Round(a);
}
