using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary>
/// The family <c>scheduler</c>: the learning rate in force in every step, by the schedule itself and by the scheduler that sets it.
/// </summary>
internal static class ScheduleReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["step_lr"] = Rates(a => new StepSchedule(a.Int("step_size"), a.Number("gamma"))),
        ["multi_step_lr"] = Rates(a => new MultiStepSchedule(a.Ints("milestones"), a.Number("gamma"))),
        ["exponential_lr"] = Rates(a => new ExponentialSchedule(a.Number("gamma"))),
        ["cosine_annealing_lr"] = Rates(a => new CosineSchedule(a.Int("T_max"), a.Number("eta_min"))),
        ["cosine_annealing_warm_restarts"] = Rates(a => new WarmRestartsSchedule(a.Int("T_0"), a.Int("T_mult"), a.Number("eta_min"))),
        ["linear_lr"] = Rates(a => new LinearSchedule(a.Int("total_iters"), a.Number("start_factor"), a.Number("end_factor"))),
        ["constant_lr"] = Rates(a => new ConstantSchedule(a.Int("total_iters"), a.Number("factor"))),
        ["polynomial_lr"] = Rates(a => new PolynomialSchedule(a.Int("total_iters"), a.Number("power"))),
        ["one_cycle_lr"] = Rates(
            a => new OneCycleSchedule(
                a.Number("max_lr"), a.Int("total_steps"), a.Number("pct_start"), Strategy(a.Text("anneal_strategy")),
                a.Flag("cycle_momentum"), a.Number("base_momentum"), a.Number("max_momentum"), a.Number("div_factor"),
                a.Number("final_div_factor"), a.Flag("three_phase"))),
        ["warmup_cosine"] = Rates(a => new WarmupCosineSchedule(a.Int("warmup_steps"), a.Int("total_steps"), a.Number("min_ratio"))),
        ["cyclic_lr"] = Rates(
            a =>
                new CyclicSchedule(
                    a.Number("max_lr"),
                    a.Int("step_size_up"),
                    a.Int("step_size_down"),
                    Mode(a.Text("mode")),
                    a.Number("gamma"),
            a.Flag("cycle_momentum"), a.Number("base_momentum"), a.Number("max_momentum"))),
        ["reduce_lr_on_plateau"] = Plateau,
    };

    private static Replay Rates(Func<CaseAttributes, Schedule> create) => run =>
    {
        var schedule = create(run.Attributes);
        double baseRate = run.Attributes.Has("base_lr") ? run.Attributes.Number("base_lr") : 0;
        int steps = run.Attributes.Int("num_steps");
        double[] rates = new double[steps], momenta = new double[steps];
        var optimizer = NewOptimizer(baseRate);
        var scheduler = new LearningRateScheduler(optimizer, schedule);
        for (int step = 0; step < steps; step++)
        {
            rates[step] = schedule.LearningRate(step, baseRate);
            momenta[step] = schedule.Momentum(step) ?? 0;
            if (Math.Abs(optimizer.LearningRate - rates[step]) > 1e-6 * rates[step]
                || (schedule.Momentum(step) is { } momentum && optimizer.Groups[0].Momentum != (float)momentum))
            {
                throw new InvalidOperationException(
                    $"in step {step} the scheduler has set {optimizer.LearningRate}, the schedule says {rates[step]}");
            }

            scheduler.Step();
        }

        run.Output("lr", rates);
        if (schedule.Momentum(0) is not null)
        {
            run.Output("momentum", momenta);
        }
    };

    private static void Plateau(CaseRun run)
    {
        var attributes = run.Attributes;
        var optimizer = NewOptimizer(attributes.Number("base_lr"));
        var scheduler = new PlateauScheduler(
            optimizer,
            attributes.Text("mode") == "min" ? MetricMode.Min : MetricMode.Max,
            attributes.Number("factor"),
            attributes.Int("patience"),
            attributes.Number("threshold"),
            attributes.Text("threshold_mode") == "rel" ? ThresholdMode.Relative : ThresholdMode.Absolute,
            attributes.Int("cooldown"),
            attributes.Number("min_lr"), attributes.Number("eps"));
        double[] rates = new double[attributes.Int("num_steps")];
        for (int step = 0; step < rates.Length; step++)
        {
            rates[step] = optimizer.LearningRate;
            scheduler.Step(run.Numbers("metrics")[step]);
        }

        run.Output("lr", rates);
    }

    private static SGD NewOptimizer(double rate) => new([new Parameter(Tensor.FromScalar(0))], (float)rate, momentum: 0.9f);

    private static AnnealStrategy Strategy(string name) => name switch
    {
        "cos" => AnnealStrategy.Cosine,
        "linear" => AnnealStrategy.Linear,
        _ => throw new NotCoveredException($"anneal_strategy {name}"),
    };

    private static CycleMode Mode(string name) => name switch
    {
        "triangular" => CycleMode.Triangular,
        "triangular2" => CycleMode.Triangular2,
        "exp_range" => CycleMode.ExponentialRange,
        _ => throw new NotCoveredException($"mode {name}"),
    };
}
