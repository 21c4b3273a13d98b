using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

[Collection(nameof(TrainCommandTests))]
public class CompareActivationsTests
{
    [Fact]
    public void A_table_has_a_row_for_each_activation_and_what_was_learned()
    {
        string[] output = Output(
            "train", "activations", "--names", "ReLU,prelu", "--names", "linear_sin,activation_mix,relu", "--epochs", "2");

        string[] rows = [.. output.SkipWhile(line => !line.StartsWith("activation  ", StringComparison.Ordinal)).Skip(1).Take(4)];
        Assert.Equal(["relu", "prelu", "linear_sin", "activation_mix"], rows.Select(row => row.Split(' ')[0]));
        // 64 · 128 + 128, 128 · 64 + 64 and 64 · 10 + 10, and in two places 0, 1, 3 and 5.
        string[][] cells = [.. rows.Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal(["17226", "17228", "17232", "17236"], cells.Select(row => row[1]));
        Assert.All(cells, row => Assert.Equal("2", row[3]));
        Assert.Equal(
            ["prelu", "prelu", "linear_sin", "linear_sin", "activation_mix", "activation_mix"],
            output.Where(line => line.StartsWith("learned ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]));
        Assert.All(output.Where(line => !line.StartsWith("epoch", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Long_names_and_large_losses_stay_in_their_columns()
    {
        string[] output = Output("train", "activations", "--names", "relu,piecewise_linear_tanh,square_softplus", "--epochs", "1");
        AssertTable(output, rows: 3);
        Assert.Equal(2, output.Count(line => line.StartsWith("learned square_softplus ", StringComparison.Ordinal)));

        AssertTable(Output("train", "activations", "--names", "relu", "--epochs", "1", "--learning-rate", "1e5"), rows: 1);

        static void AssertTable(string[] output, int rows)
        {
            string[] table = [.. output.SkipWhile(line => !line.StartsWith("activation  ", StringComparison.Ordinal)).Take(rows + 1)];
            Assert.Single(table.Select(line => line.Length).Distinct());
            Assert.All(table, line => Assert.Equal(7, line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));
        }
    }

    [Fact]
    public void A_training_does_not_depend_on_those_before_it()
    {
        string[] alone = Row("rrelu");

        Assert.Equal(alone, Row("tanh,rrelu"));
        Assert.NotEqual(alone[2..], Row("leaky_relu,tanh")[2..]);

        // Without the seconds.
        static string[] Row(string names)
        {
            string last = names.Split(',')[^1];
            string row = Output("train", "activations", "--names", names, "--epochs", "1")
                .First(line => line.StartsWith($"{last}  ", StringComparison.Ordinal));
            string[] cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return [.. cells[..4], .. cells[5..]];
        }
    }

    [Fact]
    public void The_convolutional_network_has_the_layers_that_are_promised()
    {
        string[] output = Output("train", "activations", "--names", "elu", "--epochs", "1", "--network", "convnet");
        string row = output.Single(line => line.StartsWith("elu  ", StringComparison.Ordinal));

        // 1 · 9 · 16 + 16, 16 · 9 · 32 + 32, 32 · 2 · 2 · 128 + 128 and 128 · 10 + 10.
        Assert.Contains(" 22602 ", row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--names: no activation 'relo' (did you mean 'relu'?); --help lists the ", "--names tanh,relo")]
    [InlineData("--names: no activation 'geglu'", "--names geglu")]
    [InlineData("--network: no network 'mpl' (did you mean 'mlp'?); known are: mlp, convnet", "--network mpl")]
    [InlineData("--dataset: no dataset 'cats'; known are: digits, mnist, cifar10", "--dataset cats")]
    [InlineData("activations: no option '--activation'", "--activation relu")]
    public void What_is_not_known_is_refused_in_a_line(string line, string options) =>
        Assert.Contains(line, Error(2, ["train", "activations", .. options.Split(' ')]), StringComparison.Ordinal);
}
