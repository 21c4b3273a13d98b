using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Names of modules that several others hold: each model gives its own.</summary>
public class SharedModuleTests
{
    private readonly Dense _a = Layer(1), _b = Layer(2);

    [Fact]
    public void A_second_container_renames_nothing()
    {
        Sequential first = new(_a, _b), second = new(_b, new Sequential(_a), Layer(3));
        Assert.Equal(["0.weight", "1.weight"], first.NamedParameters().Select(named => named.Name));
        Assert.Equal(["0.weight", "1.0.weight", "2.weight"], second.NamedParameters().Select(named => named.Name));
        Assert.Equal(["0.weight", "1.weight"], first.Parameters().Select(parameter => parameter.Name));
        Assert.Equal(("0", "1"), (_a.Path, _b.Path));
    }

    [Fact]
    public void Names_grow_with_the_first_container_only()
    {
        var first = new Sequential(_a, _b);
        var other = new Sequential(_b);
        _ = new Sequential(new ReLU(), other);
        _ = new Sequential(new ReLU(), new Sequential(new Tanh(), first));
        Assert.Equal(("1.1.0", "1.1.1", "1"), (_a.Path, _b.Path, other.Path));
        Assert.Equal("1.1.1.weight", _b.Weight.Name);
    }

    [Fact]
    public void A_module_twice_in_one_model_has_its_first_name()
    {
        _ = new Sequential(_a, new ReLU(), _a);
        Assert.Equal(("0", "0.weight"), (_a.Path, _a.Weight.Name));
    }

    [Fact]
    public void An_error_has_the_path_from_the_model_that_runs()
    {
        Sequential first = new(_a, _b), second = new(new Sequential(new Tanh(), _b));
        var wrong = Tensor.Ones([1, 3]);
        Assert.Equal("1 (Dense(2 -> 2, no bias))", new Sequential(new ReLU(), _a) is var third
            ? Assert.Throws<ShapeException>(() => third.Forward(wrong)).ModulePath
            : null);
        Assert.Equal("0.1 (Dense(2 -> 2, no bias))", Assert.Throws<ShapeException>(() => second.Forward(wrong)).ModulePath);
        Assert.Equal("0 (Dense(2 -> 2, no bias))", Assert.Throws<ShapeException>(() => first.Forward(wrong)).ModulePath);
        Assert.Equal("Dense(2 -> 2, no bias)", Assert.Throws<ShapeException>(() => _b.Forward(wrong)).ModulePath);
    }

    private static Dense Layer(ulong seed) => new(2, 2, bias: false, random: new RandomStream(seed));
}
