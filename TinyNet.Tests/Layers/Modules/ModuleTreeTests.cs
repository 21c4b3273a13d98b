using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>A model as a text: a tree of lines, or one line in messages.</summary>
public class ModuleTreeTests
{
    [Fact]
    public void A_model_is_a_tree_with_names_types_and_settings()
    {
        var model = new Sequential
        {
            new Conv2d(3, 8, kernelSize: 3, padding: 1),
            new BatchNormReLU(new BatchNorm2d(8)),
            new Residual(new Sequential(new Conv2d(8, 8, 1), new SiLU()), activation: new LeakyReLU(0.1f)),
            new Flatten(),
            new Dense(32, 2, bias: false),
        };
        Assert.Equal(
            """
            Sequential
              0: Conv2d(3 -> 8, kernel 3, padding 1)
              1: BatchNormReLU
                layers: Sequential
                  0: BatchNorm2d(8)
                  1: ReLU()
              2: Residual
                body: Sequential
                  0: Conv2d(8 -> 8, kernel 1)
                  1: SiLU()
                activation: LeakyReLU(0.1)
              3: Flatten()
              4: Dense(32 -> 2, no bias)
            """.ReplaceLineEndings("\n"),
            model.ToString());
    }

    [Fact]
    public void Every_module_that_holds_others_has_a_line_for_each_and_none_says_it_twice()
    {
        Module[] containers =
        [
            new Sequential(new Dense(2, 2)), new Residual(new Dense(2, 2)), new BatchNormReLU(new BatchNorm1d(2)),
            new ActivationMix(new ReLU(), new Tanh()), new DeepNetworkLayer(2, 2), new GenerativeLayer(2, 2), new SqueezeExcite(4),
            new ModuleList<Dense>(new Dense(2, 2)), new LSTM(2, 2).LastStep(), new LSTM(2, 2).AllSteps(),
            new MultiHeadAttention(4, 2), new SelfAttention(4, heads: 2), new TransformerEncoderLayer(4, 2, 8),
            new TransformerEncoder([new TransformerEncoderLayer(4, 2, 8)]), new ModuleTests.Network(),
        ];
        foreach (var container in containers)
        {
            string[] lines = container.ToString().Split('\n');
            Assert.Equal(container.NamedModules().Count(), lines.Length);
            Assert.DoesNotContain('\n', container.Describe());
            Assert.All(
                container.NamedModules().Skip(1).Zip(lines.Skip(1)),
                pair => Assert.Contains(
                    $"{pair.First.Name.Split('.')[^1]}: {pair.First.Module.GetType().Name.Split('`')[0]}", pair.Second));
            Assert.All(container.Children(), child => Assert.DoesNotContain(child.Module.Describe(), lines[0]));
        }
    }

    [Fact]
    public void A_layer_is_one_line() => Assert.Equal("Dense(2 -> 3)", new Dense(2, 3).ToString());

    /// <summary>Of all that is frozen, of some of it, and of nothing.</summary>
    [Fact]
    public void What_is_frozen_is_shown()
    {
        var model = new Sequential(new Dense(2, 3), new ReLU(), new Sequential(new Dense(3, 400), new Dense(400, 2)));
        model[0].Freeze();
        ((Dense)((Sequential)model[2])[0]).Weight.IsFrozen = true;
        Assert.Equal(
            """
            Sequential (1,202 of 2,411 parameters trainable)
              0: Dense(2 -> 3) (frozen)
              1: ReLU()
              2: Sequential (1,202 of 2,402 parameters trainable)
                0: Dense(3 -> 400) (400 of 1,600 parameters trainable)
                1: Dense(400 -> 2)
            """.ReplaceLineEndings("\n"),
            model.ToString());
        Assert.Equal((2411, 1202), (model.ParameterCount, model.TrainableParameterCount));

        var summary = model.Summarize(1, 2);
        Assert.Equal(1202, summary.TrainableParameters);
        Assert.Equal([1202L, 0, 0, 1202, 400, 802], summary.Rows.Select(row => row.TrainableParameters));
        string[] lines = summary.ToString().TrimEnd().Split('\n');
        Assert.EndsWith(" (1,202 of 2,411 parameters trainable)", lines[1].Split("  [")[0].TrimEnd());
        Assert.StartsWith("  0: Dense(2 -> 3) (frozen)  ", lines[2]);

        model.Freeze();
        Assert.Equal("Sequential (frozen)", model.ToString().Split('\n')[0]);
        model.Freeze(false);
        Assert.DoesNotContain("trainable", model.ToString() + model.Summarize(1, 2), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_in_several_places_is_shown_once()
    {
        var shared = new Dense(2, 2);
        Assert.Equal("Sequential\n  0: Dense(2 -> 2)\n  1: ReLU()", new Sequential(shared, new ReLU(), shared).ToString());
    }

    [Fact]
    public void Messages_have_one_line() => Refusal.Of<ArgumentNullException>(
        () => new Sequential(new Dense(2, 3), new Residual(new Sequential(new Dense(3, 3)), activation: new ReLU())).Forward(null!),
        "Sequential(Dense(2 -> 3), Residual(Sequential(Dense(3 -> 3)), ReLU())) was given none");
}
