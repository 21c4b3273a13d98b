using System.Globalization;
using TinyNet.Core;
using TinyNet.Examples;
using TinyNet.Layers;
using static TinyNet.Tests.Examples.CommandRun;

namespace TinyNet.Tests.Examples;

[Collection(nameof(TrainCommandTests))]
public class SequenceExampleTests
{
    [Fact]
    public void States_that_fade_by_time_are_forgotten_and_others_not()
    {
        string[] output = Output("train", "sequence", "--epochs", "1", "--batch-size", "250");

        foreach (string name in (string[])["lstm", "tanh", "fading-by-step", "fading-by-time"])
        {
            int title = Array.FindIndex(output, line => line.StartsWith($"{name}: test accuracy", StringComparison.Ordinal));
            string[] rows = output[(title + 2)..(title + 9)];
            double[][] cells =
            [
                .. rows.Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()),
            ];
            Assert.Equal([1, 2, 5, 10, 20, 50, 100], cells.Select(row => row[0]));
            Assert.All(cells, row => Assert.True(row[3] < row[1] && row[1] < row[4] && row[2] > 0));
            double largest = name == "fading-by-time" ? Math.Exp(-9.9) : 1;
            Assert.InRange(cells[^1][4], largest / 10, largest * 1.01);
        }
    }

    [Fact]
    public void An_unrolled_network_that_does_not_fade_is_an_elman_network()
    {
        RandomStream.Reseed(5);
        var layer = new RNN(3, 4);
        RandomStream.Reseed(5);
        var unrolled = new UnrolledRnn(3, 4, decay: 0, static step => step);
        var input = Tensor.Normal([2, 6, 3], new RandomStream(1));

        float[] expected = layer.Forward(input).Output.ToArray(), states = unrolled.Predict(input).ToArray();

        Assert.Equal(2 * 6 * 4, states.Length);
        Assert.All(expected.Zip(states), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void Targets_are_the_symbols_in_reverse()
    {
        var (symbols, targets) = new ReversedSymbols(5, 4, 3, seed: 1).Load(0, 4);

        int[] all = symbols.ToArray();
        Assert.Equal([.. all[..4].Reverse(), .. all[4..].Reverse()], targets.ToArray());
        Assert.All(all, symbol => Assert.InRange(symbol, 0, 2));
    }

    [Fact]
    public void Attention_looks_at_the_opposite_place()
    {
        string[] output = Output("train", "attention");

        Assert.Equal("1.0000", output[^1].Split(' ')[2]);
        string[] map = [.. output.Where(line => line.EndsWith('|'))];
        Assert.Equal(10, map.Length);
        for (int row = 0; row < 10; row++)
        {
            float[] weights = [.. map[row].Split('|')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))];
            Assert.Equal(1, weights.Sum(), 0.051f);
            Assert.Equal(weights.Max(), weights[9 - row]);
            Assert.InRange(map[row].Length, 70, 80);
        }
    }

    [Fact]
    public void Shades_go_from_empty_to_full() => Assert.Equal("    ==@@@@", Shades.Row([-1, 0, 0.5f - 0.01f, 1, 7]));
}
