using TinyNet.Autograd;

namespace TinyNet.Bench;

/// <summary>The family <c>optimizer</c>: given gradients step by step, all parameters are compared after each.</summary>
internal static class OptimizerReplays
{
    /// <summary>Makes the optimizer that attributes describe, of parameters by their names.</summary>
    private delegate Optimizer Creation(CaseAttributes attributes, IReadOnlyDictionary<string, Parameter> parameters);

    private static readonly Dictionary<string, Creation> Optimizers = new()
    {
        ["sgd"] = Of(a => Common(a, new SGDOptions()), groups => new SGD(groups)),
        ["momentum"] = Of(
            a => Common(a, new SGDOptions { Momentum = a.Float("momentum"), Dampening = a.Float("dampening") }),
            groups => new SGD(groups)),
        ["nesterov"] = Of(
            a => Common(a, new SGDOptions { Momentum = a.Float("momentum"), IsNesterov = true }), groups => new SGD(groups)),
        ["adagrad"] = Of(
            a => Common(
                a,
                new AdagradOptions
                {
                    LearningRateDecay = a.Float("lr_decay"),
                    InitialAccumulator = a.Float("initial_accumulator_value"),
                    Epsilon = a.Float("eps"),
                }),
            groups => new Adagrad(groups)),
        ["rmsprop"] = Of(
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
        ["adam"] = Of(a => Moments(a, new AdamOptions { IsAmsgrad = a.Flag("amsgrad") }), groups => new Adam(groups)),
        ["adamw"] = Of(a => Moments(a, new AdamWOptions { IsAmsgrad = a.Flag("amsgrad") }), groups => new AdamW(groups)),
        ["nadam"] = Of(a => Moments(a, new NAdamOptions { MomentumDecay = a.Float("momentum_decay") }), groups => new NAdam(groups)),
        ["radam"] = Of(a => Moments(a, new RAdamOptions()), groups => new RAdam(groups)),
        ["adamax"] = Of(a => Moments(a, new AdamaxOptions()), groups => new Adamax(groups)),
        ["adadelta"] = Of(
            a => Common(a, new AdadeltaOptions { Rho = a.Float("rho"), Epsilon = a.Float("eps") }), groups => new Adadelta(groups)),
    };

    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>(
        Optimizers.Keys.Select(name => KeyValuePair.Create<string, Replay>(name, run => Steps(run, name))))
    {
        ["clip_grad_norm"] = Clip((parameters, run) =>
            run.Output(
                "total_norm", GradientClipping.ByNorm(parameters, run.Attributes.Float("max_norm"), run.Attributes.Number("norm_type")))),
        ["clip_grad_value"] = Clip((parameters, run) => GradientClipping.ByValue(parameters, run.Attributes.Float("clip_value"))),
    };

    /// <summary>The optimizer of an operation of this family.</summary>
    public static Optimizer Create(string name, CaseAttributes attributes, IReadOnlyDictionary<string, Parameter> parameters) =>
        Optimizers.TryGetValue(name, out var create)
            ? create(attributes, parameters)
            : throw new NotCoveredException($"optimizer {name}");

    /// <summary>The rate in force in a step, where the case lists rates.</summary>
    public static void SetRate(CaseRun run, Optimizer optimizer, int step)
    {
        if (run.Attributes.IsGiven("lr_per_step"))
        {
            optimizer.LearningRate = (float)CaseTensor.Number(run.Attributes.Element("lr_per_step")[step]);
        }
    }

    private static Creation Of<TOptions>(Func<CaseAttributes, TOptions> read, Func<ParameterGroup<TOptions>[], Optimizer> create)
        where TOptions : OptimizerOptions =>
        (attributes, parameters) => create(Groups(attributes, parameters, read));

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

    private static void Steps(CaseRun run, string name)
    {
        var parameters = run.InputNames.ToDictionary(input => input, input => new Parameter(run.Input(input), input));
        var optimizer = Create(name, run.Attributes, parameters);
        for (int step = 0; step < run.Steps.Count; step++)
        {
            foreach (var (parameterName, parameter) in parameters)
            {
                if (run.Steps[step].TryGetValue(parameterName, out var gradient))
                {
                    parameter.SetGradient(gradient.ToTensor(run.Device));
                }
                else
                {
                    parameter.ClearGradient();
                }
            }

            SetRate(run, optimizer, step);
            optimizer.Step();
            foreach (var (parameterName, parameter) in parameters)
            {
                run.Output(ConformanceCase.AfterStep(parameterName, step), parameter);
            }
        }
    }

    private static ParameterGroup<TOptions>[] Groups<TOptions>(
        CaseAttributes attributes, IReadOnlyDictionary<string, Parameter> parameters, Func<CaseAttributes, TOptions> read)
        where TOptions : OptimizerOptions
    {
        if (!attributes.IsGiven("param_groups"))
        {
            return [ParameterGroup.Of(parameters.Values, read(attributes))];
        }

        var groups = new List<ParameterGroup<TOptions>>();
        foreach (var group in attributes.Element("param_groups").EnumerateArray())
        {
            var members = group.GetProperty("params").EnumerateArray().Select(name => parameters[name.GetString()!]);
            groups.Add(ParameterGroup.Of(members, read(new CaseAttributes(group, attributes))));
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
