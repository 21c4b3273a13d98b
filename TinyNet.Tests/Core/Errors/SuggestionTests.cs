using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Core;

/// <summary>What is suggested for a name that is not known, and where.</summary>
public class SuggestionTests
{
    [Theory]
    [InlineData("rleu", "relu")]
    [InlineData("Relu_", "relu")]
    [InlineData("leakyrelu", "leaky_relu")]
    [InlineData("sigmod", "sigmoid")]
    [InlineData("gelu_tahn", "gelu_tanh")]
    [InlineData("hard_sigmoid", "hardsigmoid")]
    [InlineData("softmacks", "softmax")]
    public void A_misspelled_activation_is_found(string name, string meant) =>
        Refusal.Of<ArgumentException>(() => Activation.FromName(name), $"no activation '{name}' (did you mean '{meant}'?); known are");

    [Theory]
    [InlineData("")]
    [InlineData("banana")]
    [InlineData("step")]
    public void What_is_like_nothing_is_not_guessed(string name) => Assert.Equal("", Suggestion.For(name, Activation.Names));

    [Fact]
    public void The_nearest_is_suggested_whatever_the_order()
    {
        Assert.Equal(" (did you mean 'features'?)", Suggestion.For("feature", ["feathers", "features", "futures"]));
        Assert.Equal(" (did you mean 'ab'?)", Suggestion.For("ba", ["xy", "ab"]));
        Assert.Equal("", Suggestion.For("anything", []));
    }

    [Theory]
    [InlineData("0.weight", "1.weight")]
    [InlineData("1.weight", "10.weight")]
    [InlineData("layer12.weight", "layer21.weight")]
    [InlineData("layer1.weight", "layer.weight")]
    [InlineData("layer.weight", "layer1.weight")]
    [InlineData("o.weight", "0.weight")]
    [InlineData("a", "b")]
    [InlineData("a", "ab")]
    [InlineData("ab", "a")]
    [InlineData("", "a")]
    public void Another_digit_or_letter_alone_is_another_name(string name, string other) =>
        Assert.Equal("", Suggestion.For(name, [other]));

    [Fact]
    public void A_misspelled_name_with_digits_is_found() =>
        Assert.Equal(" (did you mean '1.weight'?)", Suggestion.For("1.wieght", ["0.weight", "1.weight", "11.weight"]));

    [Fact]
    public void Every_table_of_names_suggests()
    {
        Refusal.Of<ArgumentException>(() => Gain.Of("leaky_rellu"), "did you mean 'leaky_relu'?");
        Refusal.Of<ArgumentException>(() => Device.Parse("cpuu"), "did you mean 'cpu'?");
        Refusal.Of<ArgumentException>(
            () => new TinyNet.Tests.Layers.ModuleTests.Network().Capture("featurs.0"), "did you mean 'features.0'?");
    }
}
