using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>Long runs of every optimizer against its definition in plain double precision, one number at a time.</summary>
public class OptimizerDefinitionTests
{
    private const int Steps = 60;
    private const double Rate = 0.01f, Beta1 = 0.8f, Beta2 = 0.9f;

    private static readonly float[] Start = [0.5f, -1.5f, 2f, 0f];
    private static readonly Settings Usual = new(0.05f, 1e-3f);

    private static readonly Dictionary<string, (Func<Parameter, Settings, Optimizer> Create, Rule Rule)> Optimizers = new()
    {
        ["sgd, by Nesterov"] = (
            (p, o) => new SGD([p], (float)Rate, (float)Beta1, nesterov: true, o.Decay),
            (ref double p, double g, int t, Span<double> s, Settings o) =>
        {
            g += o.Decay * p;
            s[0] = Beta1 * s[0] + g;
            p -= Rate * (g + Beta1 * s[0]);
        }
        ),
        ["adagrad"] = (
            (p, o) => new Adagrad([p], (float)Rate, 0.1f, 0.5f, o.Epsilon, o.Decay),
            (ref double p, double g, int t, Span<double> s, Settings o) =>
        {
            g += o.Decay * p;
            s[0] = (t == 1 ? 0.5 : s[0]) + g * g;
            p -= Rate / (1 + (t - 1) * (double)0.1f) * g / (Math.Sqrt(s[0]) + o.Epsilon);
        }
        ),
        ["rmsprop"] = (
            (p, o) => new RMSProp([p], (float)Rate, (float)Beta2, o.Epsilon, o.Decay),
            (ref double p, double g, int t, Span<double> s, Settings o) =>
        {
            g += o.Decay * p;
            s[0] = Beta2 * s[0] + (1 - Beta2) * g * g;
            p -= Rate * g / (Math.Sqrt(s[0]) + o.Epsilon);
        }
        ),
        ["rmsprop, centered, with momentum"] = (
            (p, o) => new RMSProp([p], (float)Rate, (float)Beta2, o.Epsilon, o.Decay, (float)Beta1, centered: true),
            (ref double p, double g, int t, Span<double> s, Settings o) =>
        {
            g += o.Decay * p;
            s[0] = Beta2 * s[0] + (1 - Beta2) * g * g;
            s[1] = Beta2 * s[1] + (1 - Beta2) * g;
            s[2] = Beta1 * s[2] + g / (Math.Sqrt(Math.Max(0, s[0] - s[1] * s[1])) + o.Epsilon);
            p -= Rate * s[2];
        }
        ),
        ["amsgrad"] = (
            (p, o) => new Adam([p], (float)Rate, (float)Beta1, (float)Beta2, o.Epsilon, o.Decay, amsgrad: true),
            (ref double p, double g, int t, Span<double> s, Settings o) =>
        {
            double v = Moments(s, g + o.Decay * p);
            s[2] = Math.Max(s[2], v);
            p -= Rate * s[0] / (1 - Math.Pow(Beta1, t)) / (Math.Sqrt(s[2] / (1 - Math.Pow(Beta2, t))) + o.Epsilon);
        }
        ),
        ["adamw"] = (
            (p, o) => new AdamW([p], (float)Rate, (float)Beta1, (float)Beta2, o.Epsilon, o.Decay),
            (ref double p, double g, int t, Span<double> s, Settings o) =>
        {
            double v = Moments(s, g);
            p -= Rate * o.Decay * p + Rate * s[0] / (1 - Math.Pow(Beta1, t)) / (Math.Sqrt(v / (1 - Math.Pow(Beta2, t))) + o.Epsilon);
        }
        ),
        ["nadam"] = (
            (p, o) => new NAdam([p], (float)Rate, (float)Beta1, (float)Beta2, o.Epsilon, o.Decay, 0.02f),
            (ref double p, double g, int t, Span<double> s, Settings o) =>
        {
            g += o.Decay * p;
            double v = Moments(s, g), now = Mu(t), next = Mu(t + 1);
            s[2] = (t == 1 ? 1 : s[2]) * now;
            p -= Rate * (
                (1 - now) / (1 - s[2]) * g + next / (1 - s[2] * next) * s[0]) / (Math.Sqrt(v / (1 - Math.Pow(Beta2, t))) + o.Epsilon);

            static double Mu(int t) => Beta1 * (1 - 0.5 * Math.Pow(0.96, t * (double)0.02f));
        }
        ),
        ["radam"] = (
            (p, o) => new RAdam([p], (float)Rate, (float)Beta1, (float)Beta2, o.Epsilon, o.Decay),
            (ref double p, double g, int t, Span<double> s, Settings o) =>
        {
            double v = Moments(s, g + o.Decay * p), mean = s[0] / (1 - Math.Pow(Beta1, t)), power = Math.Pow(Beta2, t);
            double limit = 2 / (1 - Beta2) - 1, rho = limit - 2 * t * power / (1 - power);
            p -= rho > 5
                ? Rate * mean * Math.Sqrt(
                    (rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho)) * Math.Sqrt(1 - power) / (Math.Sqrt(v) + o.Epsilon)
                : Rate * mean;
        }
        ),
        ["adamax"] = (
            (p, o) => new Adamax([p], (float)Rate, (float)Beta1, (float)Beta2, o.Epsilon, o.Decay),
            (ref double p, double g, int t, Span<double> s, Settings o) =>
        {
            g += o.Decay * p;
            s[0] = Beta1 * s[0] + (1 - Beta1) * g;
            s[1] = Math.Max(Beta2 * s[1], Math.Abs(g) + o.Epsilon);
            p -= Rate / (1 - Math.Pow(Beta1, t)) * s[0] / s[1];
        }
        ),
        ["adadelta"] = (
            (p, o) => new Adadelta([p], (float)Rate, (float)Beta2, o.Epsilon, o.Decay),
            (ref double p, double g, int t, Span<double> s, Settings o) =>
        {
            g += o.Decay * p;
            s[0] = Beta2 * s[0] + (1 - Beta2) * g * g;
            double change = Math.Sqrt(s[1] + o.Epsilon) / Math.Sqrt(s[0] + o.Epsilon) * g;
            s[1] = Beta2 * s[1] + (1 - Beta2) * change * change;
            p -= Rate * change;
        }
        ),
    };

    private delegate void Rule(ref double p, double g, int t, Span<double> s, Settings o);

    private readonly record struct Settings(float Decay, float Epsilon);

    public static TheoryData<string> Names => [.. Optimizers.Keys];

    [Theory, MemberData(nameof(Names))]
    public void An_optimizer_follows_its_definition(string name)
    {
        var (create, rule) = Optimizers[name];
        var parameter = new Parameter(Tensor.From(Start));
        var optimizer = create(parameter, Usual);
        double[] expected = Array.ConvertAll(Start, x => (double)x);
        var states = Array.ConvertAll(Start, _ => new double[3]);
        for (int step = 1; step <= Steps; step++)
        {
            float[] gradient = [.. Start.Select((_, i) => MathF.Sin(1.7f * step + i) + (i == 3 ? 0 : 0.2f))];
            parameter.SetGradient(Tensor.From(gradient));
            optimizer.Step();
            for (int i = 0; i < expected.Length; i++)
            {
                rule(ref expected[i], gradient[i], step, states[i], Usual);
            }

            foreach (var (x, y) in expected.Zip(parameter.ToArray()))
            {
                Assert.True(Math.Abs(x - y) <= 4e-6 * Math.Max(1, Math.Abs(x)), $"step {step}: {y:R}, should be {x:R}");
            }
        }
    }

    public static TheoryData<string, float> Extremes =>
        [.. from name in Optimizers.Keys from scale in new[] { 1e-30f, 1e-20f, 1e20f, 1e30f } select (name, scale)];

    [Theory, MemberData(nameof(Extremes))]
    public void An_optimizer_follows_its_definition_where_squares_of_gradients_are_no_floats(string name, float scale)
    {
        var (create, rule) = Optimizers[name];
        var settings = new Settings(0, scale * 1e-3f);
        foreach (var device in TestDevices.OfEachWidth().Append<Device>(Device.Reference))
        {
            int length = 37;
            var parameter = new Parameter(Tensor.Zeros([length], device));
            var optimizer = create(parameter, settings);
            double[] expected = new double[length], states = new double[3 * length];
            for (int step = 1; step <= Steps; step++)
            {
                float[] gradient = [.. expected.Select((_, i) => scale * (MathF.Sin(1.7f * step + i) + 0.2f))];
                parameter.SetGradient(Tensor.From(gradient, [length], device));
                optimizer.Step();
                for (int i = 0; i < length; i++)
                {
                    rule(ref expected[i], gradient[i], step, states.AsSpan(3 * i, 3), settings);
                }

                double size = expected.Max(Math.Abs);
                Assert.All(expected.Zip(parameter.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * size));
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_resumed_optimizer_goes_on_bit_for_bit(string name)
    {
        Parameter through = new(Tensor.From(Start), "w"), before = new(Tensor.From(Start), "w");
        Optimizer optimizer = Optimizers[name].Create(through, Usual), first = Optimizers[name].Create(before, Usual);
        Train(optimizer, through, 0, 14);
        Train(first, before, 0, 7);
        var after = new Parameter(before, "w");
        var second = Optimizers[name].Create(after, Usual);
        var state = first.SaveState();
        Train(first, before, 7, 3); // What was saved is a copy.
        second.LoadState(state);
        Train(second, after, 7, 7);

        Assert.Equal(through.ToArray(), after.ToArray());
    }

    [Theory, MemberData(nameof(Names))]
    public void Decayed_state_never_becomes_denormal(string name)
    {
        var parameter = new Parameter(Tensor.From([0]), "w");
        var optimizer = Optimizers[name].Create(parameter, Usual);
        for (int step = 0; step < 1200; step++)
        {
            parameter.SetGradient(Tensor.From([step == 0 ? 1e-3f : 0]));
            optimizer.Step();
            parameter.Fill(0);
        }

        Assert.All(optimizer.SaveState().Parameters["w"].Tensors.Values, state => Assert.False(float.IsSubnormal(state.Item())));
    }

    private static double Moments(Span<double> s, double g)
    {
        s[0] = Beta1 * s[0] + (1 - Beta1) * g;
        return s[1] = Beta2 * s[1] + (1 - Beta2) * g * g;
    }

    private static void Train(Optimizer optimizer, Parameter parameter, int from, int steps)
    {
        for (int step = from; step < from + steps; step++)
        {
            parameter.SetGradient(Tensor.From([.. Start.Select((_, i) => MathF.Cos(step + 0.7f * i))]));
            optimizer.Step();
        }
    }
}
