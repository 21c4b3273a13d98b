using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>Element-wise maps and updates.</summary>
public partial class DeviceParityTests
{
    [Theory, MemberData(nameof(Devices))]
    public void Maps_agree(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = AnyShape(random);
        var (a, b, c) = (
            make(Broadcastable(random, shape), AnyForm(random)),
            make(Broadcastable(random, shape), AnyForm(random)),
            make(Broadcastable(random, shape), AnyForm(random)));
        var to = make(shape, DestinationForm(random));
        Both(device, on => on.Map(new Wave(), a.On(on), to.On(on)));
        to.AssertAgree(Tolerance, "unary map");
        to = make(shape, DestinationForm(random));
        Both(device, on => on.Map(new Larger(), a.On(on), b.On(on), to.On(on)));
        to.AssertAgree(Tolerance, "binary map");
        to = make(shape, DestinationForm(random));
        Both(device, on => on.Map(new Choice(), a.On(on), b.On(on), c.On(on), to.On(on)));
        to.AssertAgree(Tolerance, "ternary map");

        // In place, each operand in turn.
        for (int at = 0; at < 3; at++)
        {
            to = make(shape, DestinationForm(random));
            var (x, y, z) = (at == 0 ? to : a, at == 1 ? to : b, at == 2 ? to : c);
            Both(device, on => on.Map(new Choice(), x.On(on), y.On(on), z.On(on), to.On(on)));
            to.AssertAgree(Tolerance, "map in place");
        }

        Both(device, on => on.Copy(b.On(on), to.On(on)));
        to.AssertAgree(Tolerance, "copy");
    });

    [Theory, MemberData(nameof(Devices))]
    public void Long_maps_agree(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var a = make([3, 37, 601], Form.Permuted);
        var b = make([601], Form.Sliced);
        foreach (var form in new[] { Form.Dense, Form.SlicedPermuted })
        {
            var to = make([3, 37, 601], form);
            Both(device, on => on.Map(new Larger(), a.On(on), b.On(on), to.On(on)));
            to.AssertAgree(Tolerance, "long map");
        }
    }, rounds: 2);

    [Theory, MemberData(nameof(Devices))]
    public void Updates_agree(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = random.Next(10) == 0 ? [131, 257] : AnyShape(random);
        var (parameter, gradient) = (make(shape, Form.Dense), make(shape, AnyForm(random)));
        var states = new OperandPair?[3];
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = random.Next(3) > 0 ? make(shape, Form.Dense) : null;
        }

        Both(
            device,
            on => on.Update(new Momentum(0.1), parameter.On(on), gradient.On(on), states[0]?.On(on), states[1]?.On(on), states[2]?.On(on)));
        parameter.AssertAgree(Tolerance, "parameter");
        gradient.AssertAgree(0, "gradient");
        foreach (var state in states)
        {
            state?.AssertAgree(Tolerance, "state");
        }
    });

    internal readonly struct Wave : IUnaryMap
    {
        public T Forward<T>(T a) where T : struct, ILane<T> => T.Sin(a) + T.Exp(-a * a) * a;
    }

    internal readonly struct Larger : IBinaryMap
    {
        public T Forward<T>(T a, T b) where T : struct, ILane<T> => T.Max(a, b) - b / (T.One + a * a);
    }

    internal readonly struct Choice : ITernaryMap
    {
        public T Forward<T>(T a, T b, T c) where T : struct, ILane<T> => T.Select(a < b, T.MultiplyAdd(a, b, c), T.Min(b, c));
    }

    internal readonly struct Momentum(double rate) : IParameterUpdate
    {
        public void Apply<T>(ref T parameter, T gradient, ref T state0, ref T state1, ref T state2) where T : struct, ILane<T>
        {
            state0 = state0 * T.Const(0.9) + gradient;
            state1 = T.Max(state1, gradient * gradient);
            state2 += T.One;
            parameter -= T.Const(rate) * state0 / (T.One + T.Sqrt(state1) + state2 * state2);
        }
    }
}
