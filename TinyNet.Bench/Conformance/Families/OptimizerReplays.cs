using System.Text.Json;
using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>The family <c>optimizer</c>: given gradients step by step, all parameters are compared after each.</summary>
internal static class OptimizerReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["sgd"] = Steps(SGD, groups => new SGD(groups)),
        ["momentum"] = Steps(Momentum, groups => new SGD(groups)),
        ["nesterov"] = Steps(
            a => Common(a, new SGDOptions { Momentum = a.Float("momentum"), IsNesterov = true }), groups => new SGD(groups)),
        ["adagrad"] = Steps(
            a => Common(
                a,
                new AdagradOptions
                {
                    LearningRateDecay = a.Float("lr_decay"),
                    InitialAccumulator = a.Float("initial_accumulator_value"),
                    Epsilon = a.Float("eps"),
                }),
            groups => new Adagrad(groups)),
        ["rmsprop"] = Steps(
            a => Common(
                a,
                new RMSPropOptions
                {
                    Alpha = a.Float("alpha"),
                    Epsilon = a.Float("eps"),
                    Momentum = a.Float("momentum"),
                    IsCentered = a.Flag("centered"),
                }),
            groups => new RMSProp(groups)),
        ["adam"] = Steps(Adam, groups => new Adam(groups)),
        ["adamw"] = Steps(a => Moments(a, new AdamWOptions { IsAmsgrad = a.Flag("amsgrad") }), groups => new AdamW(groups)),
        ["nadam"] = Steps(a => Moments(a, new NAdamOptions { MomentumDecay = a.Float("momentum_decay") }), groups => new NAdam(groups)),
        ["radam"] = Steps(a => Moments(a, new RAdamOptions()), groups => new RAdam(groups)),
        ["adamax"] = Steps(a => Moments(a, new AdamaxOptions()), groups => new Adamax(groups)),
        ["adadelta"] = Steps(
            a => Common(a, new AdadeltaOptions { Rho = a.Float("rho"), Epsilon = a.Float("eps") }), groups => new Adadelta(groups)),
        ["clip_grad_norm"] = Clip((parameters, run) =>
            run.Output(
                "total_norm",
                Tensor.FromScalar(
                    GradientClipping.ByNorm(parameters, run.Attributes.Float("max_norm"), run.Attributes.Number("norm_type"))))),
        ["clip_grad_value"] = Clip((parameters, run) => GradientClipping.ByValue(parameters, run.Attributes.Float("clip_value"))),
    };

    public static SGDOptions SGD(CaseAttributes attributes) => Common(attributes, new SGDOptions());

    public static SGDOptions Momentum(CaseAttributes attributes) =>
        Common(attributes, new SGDOptions { Momentum = attributes.Float("momentum"), Dampening = attributes.Float("dampening") });

    public static AdamOptions Adam(CaseAttributes attributes) =>
        Moments(attributes, new AdamOptions { IsAmsgrad = attributes.Flag("amsgrad") });

    private static TOptions Common<TOptions>(CaseAttributes attributes, TOptions options) where TOptions : OptimizerOptions =>
        options with { LearningRate = attributes.Float("lr"), WeightDecay = attributes.Float("weight_decay") };

    private static TOptions Moments<TOptions>(CaseAttributes attributes, TOptions options) where TOptions : MomentOptions
    {
        var betas = attributes.Element("betas");
        return Common(attributes, options) with
        {
            Beta1 = (float)betas[0].GetDouble(),
            Beta2 = (float)betas[1].GetDouble(),
            Epsilon = attributes.Float("eps"),
        };
    }

    private static Replay Steps<TOptions>(
        Func<CaseAttributes, TOptions> read, Func<ParameterGroup<TOptions>[], Optimizer> create) where TOptions : OptimizerOptions => run =>
    {
        var parameters = run.InputNames.ToDictionary(name => name, name => new Parameter(run.Input(name), name));
        var optimizer = create(Groups(run, parameters, read));
        var rates = run.Attributes.Has("lr_per_step") && !run.Attributes.IsNull("lr_per_step")
            ? run.Attributes.Element("lr_per_step")
            : default;
        for (int step = 0; step < run.Steps.Count; step++)
        {
            foreach (var (name, parameter) in parameters)
            {
                if (run.Steps[step].TryGetValue(name, out var gradient))
                {
                    parameter.SetGradient(gradient.ToTensor(run.Device));
                }
                else
                {
                    parameter.ClearGradient();
                }
            }

            if (rates.ValueKind == JsonValueKind.Array)
            {
                optimizer.LearningRate = (float)rates[step].GetDouble();
            }

            optimizer.Step();
            foreach (var (name, parameter) in parameters)
            {
                run.Output(ConformanceCase.AfterStep(name, step), parameter);
            }
        }
    };

    private static ParameterGroup<TOptions>[] Groups<TOptions>(
        CaseRun run, Dictionary<string, Parameter> parameters, Func<CaseAttributes, TOptions> read)
        where TOptions : OptimizerOptions
    {
        if (!run.Attributes.Has("param_groups") || run.Attributes.IsNull("param_groups"))
        {
            return [ParameterGroup.Of(parameters.Values, read(run.Attributes))];
        }

        var groups = new List<ParameterGroup<TOptions>>();
        foreach (var group in run.Attributes.Element("param_groups").EnumerateArray())
        {
            var members = group.GetProperty("params").EnumerateArray().Select(name => parameters[name.GetString()!]);
            groups.Add(ParameterGroup.Of(members, read(new CaseAttributes(group, run.Attributes))));
        }

        return [.. groups];
    }

    private static Replay Clip(Action<IEnumerable<Parameter>, CaseRun> clip) => run =>
    {
        var parameters = new List<Parameter>();
        foreach (var gradient in run.InputSeries("g"))
        {
            var parameter = new Parameter(gradient, $"g{parameters.Count}");
            parameter.SetGradient(gradient);
            parameters.Add(parameter);
        }

        clip(parameters, run);
        foreach (var parameter in parameters)
        {
            run.Output(parameter.Name, parameter.Gradient!);
        }
    };
}
