using System.Text.Json;
using TinyNet.Autograd;

namespace TinyNet.Bench;

/// <summary>The family <c>optimizer</c>: given gradients step by step, all parameters are compared after each.</summary>
internal static class OptimizerReplays
{
    private delegate Optimizer Create(IEnumerable<Parameter> parameters, CaseAttributes attributes);

    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["sgd"] = Steps((parameters, attributes) => new Sgd(parameters, attributes.Float("lr"), weightDecay: attributes.Float("weight_decay"))),
        ["momentum"] = Steps((parameters, attributes) => new Sgd(parameters, attributes.Float("lr"), attributes.Float("momentum"),
            weightDecay: attributes.Float("weight_decay"), dampening: attributes.Float("dampening"))),
        ["nesterov"] = Steps((parameters, attributes) => new Sgd(parameters, attributes.Float("lr"), attributes.Float("momentum"),
            nesterov: true, weightDecay: attributes.Float("weight_decay"))),
        ["adam"] = Steps(Adam),
    };

    private static Adam Adam(IEnumerable<Parameter> parameters, CaseAttributes attributes)
    {
        if (attributes.Flag("amsgrad"))
        {
            throw new NotCoveredException("adam with amsgrad");
        }

        var betas = attributes.Element("betas");
        return new Adam(parameters, attributes.Float("lr"), (float)betas[0].GetDouble(), (float)betas[1].GetDouble(),
            attributes.Float("eps"), attributes.Float("weight_decay"));
    }

    private static Replay Steps(Create create) => run =>
    {
        var parameters = run.InputNames.ToDictionary(name => name, name => new Parameter(run.Input(name), name));
        var optimizers = Groups(run, parameters, create);
        var rates = run.Attributes.Has("lr_per_step") && !run.Attributes.IsNull("lr_per_step") ? run.Attributes.Element("lr_per_step") : default;
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

            foreach (var optimizer in optimizers)
            {
                if (rates.ValueKind == JsonValueKind.Array)
                {
                    optimizer.LearningRate = (float)rates[step].GetDouble();
                }

                optimizer.Step();
            }

            foreach (var (name, parameter) in parameters)
            {
                run.Output(ConformanceCase.AfterStep(name, step), parameter);
            }
        }
    };

    /// <summary>An optimizer for each parameter group; without groups one for all.</summary>
    private static List<Optimizer> Groups(CaseRun run, Dictionary<string, Parameter> parameters, Create create)
    {
        if (!run.Attributes.Has("param_groups") || run.Attributes.IsNull("param_groups"))
        {
            return [create(parameters.Values, run.Attributes)];
        }

        var optimizers = new List<Optimizer>();
        foreach (var group in run.Attributes.Element("param_groups").EnumerateArray())
        {
            var members = group.GetProperty("params").EnumerateArray().Select(name => parameters[name.GetString()!]);
            optimizers.Add(create([.. members], new CaseAttributes(group, run.Attributes)));
        }

        return optimizers;
    }
}
