using System.Text;
using TinyNet.Bench;
using TinyNet.Core;

namespace TinyNet.Tests.Conformance;

/// <summary>The replay finds what is planted: it would otherwise prove nothing.</summary>
public class ConformanceRunnerTests
{
    private const string Good = """
        {"format":"tinynet-conformance/1","family":"elementwise","op":"mul","name":"planted","attrs":{},
         "inputs":{"a":{"shape":[2],"dtype":"float32","data":[1,"inf"]},"b":{"shape":[2],"dtype":"float32","data":[3,4]}},"params":{},
         "outputs":{"y":{"shape":[2],"dtype":"float32","data":[3,"inf"]}},
         "grad_outputs":{"y":{"shape":[2],"dtype":"float32","data":[0.5,2]}},
         "grads":{"a":{"shape":[2],"dtype":"float32","data":[1.5,8]}},"rtol":1e-05,"atol":1e-06,"source":"by hand"}
        """;

    [Fact]
    public void A_right_case_passes() => Assert.Equal(CaseOutcome.Passed, Replay(Good).Outcome);

    [Theory]
    [InlineData("\"data\":[3,\"inf\"]", "\"data\":[3.001,\"inf\"]", "output y: worst error")]
    [InlineData("\"data\":[3,\"inf\"]", "\"data\":[3,\"-inf\"]", "output y: worst error Infinity")]
    [InlineData("\"data\":[3,\"inf\"]", "\"data\":[\"nan\",\"inf\"]", "output y: worst error Infinity")]
    [
        InlineData(
            "\"y\":{\"shape\":[2],\"dtype\":\"float32\",\"data\":[3",
            "\"y\":{\"shape\":[2,1],\"dtype\":\"float32\",\"data\":[3",
            "output y: shape [2] instead of [2, 1]"),
    ]
    [InlineData("\"outputs\":{\"y\"", "\"outputs\":{\"z\"", "output z: missing")]
    [InlineData("\"data\":[1.5,8]", "\"data\":[1.5,8.01]", "gradient a: worst error")]
    [
        InlineData(
            "\"b\":{\"shape\":[2],\"dtype\":\"float32\",\"data\":[3,4]}",
            "\"b\":{\"shape\":[3],\"dtype\":\"float32\",\"data\":[3,4,5]}",
            "ShapeException"),
    ]
    [InlineData("\"b\":{", "\"c\":{", "input \"b\" is missing")]
    public void A_planted_error_fails(string right, string wrong, string finding)
    {
        string planted = Good.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Good, planted);

        var result = Replay(planted);

        Assert.Equal(CaseOutcome.Failed, result.Outcome);
        Assert.Contains(finding, string.Join('\n', result.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_that_is_not_there_is_skipped() =>
        Assert.Equal(CaseOutcome.Skipped, Replay(Good.Replace("\"mul\"", "\"unheard_of\"", StringComparison.Ordinal)).Outcome);

    [Theory]
    [InlineData("relu", "sgd", "\"fc.weight\" has shape")]
    [InlineData("unheard_of", "sgd", "layer unheard_of")]
    [InlineData("relu", "unheard_of", "optimizer unheard_of")]
    public void A_training_that_cannot_be_replayed_says_why(string layer, string optimizer, string why)
    {
        string shape = layer == "relu" && optimizer == "sgd" ? "[1,2]" : "[2,1]";
        var result = Replay($$$"""
            {"format":"tinynet-conformance/1","family":"training","op":"mlp","name":"planted",
             "attrs":{"layers":[{"type":"linear","name":"fc","in_features":1,"out_features":2},{"type":"{{{layer}}}"}],"loss":"mse",
              "optimizer":"{{{optimizer}}}","optimizer_attrs":{"lr":1,"weight_decay":0},"num_steps":1},
             "inputs":{"x":{"shape":[1,1],"dtype":"float32","data":[1]},"target":{"shape":[1,2],"dtype":"float32","data":[1,2]}},
             "params":{"fc.weight":{"shape":{{{shape}}},"dtype":"float32","data":[1,2]},
              "fc.bias":{"shape":[2],"dtype":"float32","data":[1,2]}},
             "outputs":{},"rtol":1e-05,"atol":1e-06,"source":"by hand"}
            """);

        Assert.NotEqual(CaseOutcome.Passed, result.Outcome);
        Assert.Contains(why, Assert.Single(result.Findings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1, 2]")]
    [InlineData("no json")]
    public void What_is_no_case_is_refused(string text) => Assert.Throws<FormatException>(() => Replay(text));

    private static CaseResult Replay(string json) =>
        ConformanceRunner.Replay(ConformanceCase.Parse(Encoding.UTF8.GetBytes(json)), Device.Cpu);
}
