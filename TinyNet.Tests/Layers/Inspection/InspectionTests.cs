using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

public class InspectionTests
{
    private readonly Sequential _model = new(
        new Sequential(new Conv2d(3, 4, kernelSize: 3, stride: 2), new ReLU()),
        new Flatten(),
        new Dense(4 * 2 * 3, 5), new Dropout(0.5f));

    [Fact]
    public void A_summary_has_shapes_parameters_and_multiply_adds_of_every_module()
    {
        var rows = _model.Summarize(2, 3, 5, 7).Rows.ToDictionary(row => row.Path);
        Assert.Equal(["", "0", "0.0", "0.1", "1", "2", "3"], _model.Summarize(2, 3, 5, 7).Rows.Select(row => row.Path));
        Assert.Equal("[2, 4, 2, 3]", string.Join(" ", rows["0.0"].Outputs));
        Assert.Equal("[2, 24]", string.Join(" ", rows["1"].Outputs));
        Assert.Equal("[2, 5]", string.Join(" ", rows[""].Outputs));
        Assert.Equal((3 * 3 * 3 * 4) + 4, rows["0"].Parameters);
        Assert.Equal((3 * 3 * 3 * 4) + 4 + (24 * 5) + 5, rows[""].Parameters);
        Assert.Equal(2 * 4 * 2 * 3 * 27, rows["0.0"].MultiplyAdds);
        Assert.Equal(0, rows["0.1"].MultiplyAdds);
        Assert.Equal(2 * 24 * 5, rows["2"].MultiplyAdds);
        Assert.Equal((2 * 4 * 2 * 3 * 27) + (2 * 24 * 5), rows[""].MultiplyAdds);
    }

    [Fact]
    public void A_summary_counts_the_work_of_recurrent_layers_and_of_attention()
    {
        Assert.Equal(3 * 2 * 4 * ((5 * 7) + (7 * 7)), new LSTM(5, 7).Summarize(new RecurrentInput(Tensor.Ones([3, 2, 5]))).MultiplyAdds);
        // Projections of 3 · 2 tokens to queries, keys and values and to the output, scores and their products with the values.
        Assert.Equal(
            (3 * 2 * 8 * 8 * 4) + (3 * 2 * 2 * 2 * 8),
            new MultiHeadAttention(8, 2).Summarize(new AttentionInput(Tensor.Ones([3, 2, 8]))).MultiplyAdds);
    }

    [Fact]
    public void A_summary_counts_the_work_of_a_model_of_words()
    {
        var rows = new TextClassifier().Summarize(IndexTensor.From([0, 1, 2, 3, 4, 5], [2, 3])).Rows;
        Assert.Equal(
            [("", 2 * 4 * 2), ("embedding", 0), ("mean", 0), ("dense", 2 * 4 * 2)], rows.Select(row => (row.Path, (int)row.MultiplyAdds)));
        Assert.Equal(["[2, 2]", "[2, 3, 4]", "[2, 4]", "[2, 2]"], rows.Select(row => string.Join(" ", row.Outputs)));
    }

    [Fact]
    public void A_summary_prints_as_a_table_and_leaves_modes_and_hooks_as_they_were()
    {
        _model[0].Evaluate();
        string[] lines = _model.Summarize(1, 3, 5, 7).ToString().TrimEnd().Split('\n');
        Assert.Equal(8, lines.Length);
        Assert.StartsWith("    0: Conv2d(3 -> 4, kernel 3, stride 2)", lines[3]);
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        Assert.True(_model[3].IsTraining);
        Assert.False(((Sequential)_model[0])[0].IsTraining);
        Assert.All(_model.NamedModules(), named => Assert.False(named.Module.Hooks is { Any: true }));
    }

    [Fact]
    public void A_summary_works_while_a_scope_is_open()
    {
        using var tape = Tape.Record();
        var y = _model.Forward(Tensor.Ones([1, 3, 5, 7]));
        Assert.Equal(7, _model.Summarize(1, 3, 5, 7).Rows.Count);
        tape.Backward(y.Sum());
    }

    [Fact]
    public void The_output_of_a_module_is_captured_for_an_input()
    {
        var x = Tensor.Uniform([2, 3, 5, 7], new RandomStream(1), -1, 1);
        var captured = _model.Capture("0.1", x);
        using var scope = Tape.NoRecord();
        Assert.Equal(((Sequential)_model[0]).Forward(x).ToArray(), captured.ToArray());
        Assert.False(captured.HasHistory);
    }

    [Fact]
    public void A_capture_follows_the_model_until_it_is_disposed()
    {
        var capture = _model.Capture("2");
        Assert.Contains("has not run", Assert.Throws<InvalidOperationException>(() => capture.Output).Message, StringComparison.Ordinal);
        using (Tape.NoRecord())
        {
            _model.Forward(Tensor.Ones([1, 3, 5, 7]));
        }

        float[] first = capture.Output.ToArray();
        capture.Dispose();
        using (Tape.NoRecord())
        {
            _model.Forward(Tensor.Zeros([1, 3, 5, 7]));
        }

        Assert.Equal(first, capture.Output.ToArray());
    }

    [Fact]
    public void A_capture_has_the_outputs_of_the_last_pass_alone()
    {
        var model = new Parts();
        using var capture = model.Capture("");
        foreach (int count in new[] { 2, 1, 0, 3 })
        {
            model.Forward(Tensor.Ones([count]));
            Assert.Equal(Enumerable.Range(0, count).Select(i => $"{i}"), capture.Outputs.Keys);
            Assert.All(capture.Outputs.Values, part => Assert.Equal(count, part.Item()));
        }

        Assert.Throws<InvalidOperationException>(() => model.Forward(Tensor.Ones([4])));
        Assert.Equal(3, capture.Outputs.Count);
    }

    [Fact]
    public void An_unknown_path_is_refused_with_the_known_ones()
    {
        string message = Assert.Throws<ArgumentException>(() => _model.Capture("7.1")).Message;
        Assert.Contains("'7.1'", message, StringComparison.Ordinal);
        Assert.Contains("0, 0.0, 0.1, 1, 2, 3", message, StringComparison.Ordinal);
    }

    /// <summary>Gives as many tensors as its input has elements, up to 3.</summary>
    private sealed class Parts : Module<Tensor, Tensor[]>
    {
        protected override Tensor[] ForwardCore(Tensor input) => input.Length < 4
            ? [.. Enumerable.Repeat(input.Length, input.Length).Select(length => Tensor.From([(float)length]))]
            : throw new InvalidOperationException();
    }

    private sealed class TextClassifier : Module<IndexTensor, Tensor>
    {
        private readonly Embedding _embedding;
        private readonly MaskedMean _mean;
        private readonly Dense _dense;

        public TextClassifier() =>
            (_embedding, _mean, _dense) = (
                Child("embedding", new Embedding(6, 4)), Child("mean", new MaskedMean()), Child("dense", new Dense(4, 2)));

        protected override Tensor ForwardCore(IndexTensor input) =>
            _dense.Forward(_mean.Forward(new PaddedBatch(_embedding.Forward(input), IndexTensor.From(3, 2))));
    }
}
