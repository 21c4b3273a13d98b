using TinyNet.Autograd;
using TinyNet.Layers;

namespace TinyNet.Bench;

/// <summary>The family <c>recurrent</c>. Files have weights as [gates · hidden, in].</summary>
internal static class RecurrentReplays
{
    public static IReadOnlyDictionary<string, Replay> Table { get; } = new Dictionary<string, Replay>
    {
        ["rnn"] = Layer(
            a => new RNN(
                a.Int("input_size"),
                a.Int("hidden_size"),
                a.Int("num_layers"),
                Enum.Parse<Nonlinearity>(a.Text("nonlinearity"), ignoreCase: true),
            a.Flag("bidirectional"), a.Flag("bias"), batchFirst: a.Flag("batch_first"))),
        ["lstm"] = Layer(
            a => new LSTM(
                a.Int("input_size"),
                a.Int("hidden_size"),
                a.Int("num_layers"),
                a.Flag("bidirectional"),
                a.Flag("bias"),
                batchFirst: a.Flag("batch_first"))),
        ["gru"] = Layer(
            a => new GRU(
                a.Int("input_size"),
                a.Int("hidden_size"),
                a.Int("num_layers"),
                a.Flag("bidirectional"),
                a.Flag("bias"),
                batchFirst: a.Flag("batch_first"))),
        ["rnn_cell"] = run => run.Output(
            "h_next",
            new RNNCell(
                run.Attributes.Int("input_size"),
                run.Attributes.Int("hidden_size"),
                run.Attributes.Flag("bias"),
                Activation.FromName(run.Attributes.Text("nonlinearity"))).Compute(CellInput(run), Weights(run, ""))),
        ["gru_cell"] = run => run.Output(
            "h_next",
            new GRUCell(run.Attributes.Int("input_size"), run.Attributes.Int("hidden_size"), run.Attributes.Flag("bias"))
                .Compute(CellInput(run), Weights(run, ""))),
        ["lstm_cell"] = run =>
        {
            var state = new LSTMCell(run.Attributes.Int("input_size"), run.Attributes.Int("hidden_size"), run.Attributes.Flag("bias"))
                .Compute(CellInput(run), Weights(run, ""));
            run.Output("h_next", state.Hidden);
            run.Output("c_next", state.Cell!);
        },
    };

    private static Replay Layer(Func<CaseAttributes, RecurrentLayer> create) => run =>
    {
        var layer = create(run.Attributes);
        var weights = new List<RecurrentWeights>();
        for (int i = 0; i < layer.LayerCount; i++)
        {
            weights.Add(Weights(run, $"_l{i}"));
            if (layer.IsBidirectional)
            {
                weights.Add(Weights(run, $"_l{i}_reverse"));
            }
        }

        RecurrentState? initial = run.Has("h0") ? new RecurrentState(run.Input("h0"), run.OptionalInput("c0")) : null;
        var (output, state) = layer.Compute(new RecurrentInput(run.Input("x"), initial), weights.ToArray());
        run.Output("y", output);
        run.Output("h_n", state.Hidden);
        if (state.Cell is not null)
        {
            run.Output("c_n", state.Cell);
        }
    };

    private static CellInput CellInput(CaseRun run) =>
        new(run.Input("x"), run.Has("h") ? new RecurrentState(run.Input("h"), run.OptionalInput("c")) : null);

    private static RecurrentWeights Weights(CaseRun run, string suffix) => new(
        run.Input($"weight_ih{suffix}").Transpose(), run.Input($"weight_hh{suffix}").Transpose(), run.OptionalInput($"bias_ih{suffix}"),
        run.OptionalInput($"bias_hh{suffix}"));
}
