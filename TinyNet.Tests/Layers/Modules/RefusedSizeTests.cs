using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Counts of layers are checked before they are multiplied, and before memory is asked for.</summary>
public class RefusedSizeTests
{
    private const int Most = int.MaxValue;

    [Fact]
    public void Layers_larger_than_any_tensor_are_refused()
    {
        Refusal.Of<ShapeException>(() => new LayerNorm([Most]), "elements");
        Refusal.Of<ShapeException>(() => new GroupNorm(1, Most), "elements");
        Refusal.Of<ShapeException>(() => new BatchNorm1d(Most), "elements");
        Refusal.Of<ShapeException>(() => new PReLU(Most), "elements");
        Refusal.Of<ShapeException>(() => new Dense(Most, Most), "elements");
        Refusal.Of<ShapeException>(() => new Dense(1, Most), "elements");
        Refusal.Of<ShapeException>(() => new Conv2d(1, 1, Most), "elements");
        Refusal.Of<ShapeException>(() => new Conv1d(Most, Most, Most), "elements");
        Refusal.Of<ShapeException>(() => new ConvTranspose2d(1 << 16, 1 << 16, 1), "elements");
        Refusal.Of<ShapeException>(() => new Embedding(Most, 2), "elements");
        Refusal.Of<ShapeException>(() => new LearnedPositions(Most, 2), "elements");
        Refusal.Of<ShapeException>(() => new SinusoidalPositions(5, Most - 1), "elements");
        Refusal.Of<ShapeException>(() => new SinusoidalPositions(1, Most), "SinusoidalPositions");
        Refusal.Of<ShapeException>(() => new SqueezeExcite(Most), "elements");
    }

    /// <summary>Four times 2³⁰ is 0 in an integer: a layer without gates.</summary>
    [Fact]
    public void Layers_of_several_parts_multiply_in_full()
    {
        Refusal.Of<ShapeException>(() => new LSTM(1, 1 << 30), "LSTM", "size 4 times 1073741824");
        Refusal.Of<ShapeException>(() => new LSTMCell(1, 1 << 30), "LSTMCell");
        Refusal.Of<ShapeException>(() => new GRU(1, Most), "GRU");
        Refusal.Of<ShapeException>(() => new GRUCell(1, Most), "GRUCell");
        Refusal.Of<ShapeException>(() => new RNN(1, Most), "elements");
        Refusal.Of<ShapeException>(() => new MultiHeadAttention(Most, 1), "MultiHeadAttention", "size 3 times");
        Refusal.Of<ShapeException>(() => new TransformerEncoderLayer(1, 1, hidden: Most), "elements");
    }

    [Fact]
    public void As_many_layers_as_nobody_stacks_are_refused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new LSTM(1, 1, layers: Most), "layers must be in [1, 1024]");
        Refusal.Of<ArgumentOutOfRangeException>(() => new GRU(1, 1, layers: 1025), "layers");
        Refusal.Of<ArgumentOutOfRangeException>(() => new RNN(1, 1, layers: 0), "layers");
    }

    [Fact]
    public void A_cache_makes_the_layer_that_is_asked_for_alone()
    {
        var cache = new KeyValueCache();
        Assert.Same(cache.Layer(int.MaxValue), cache.Layer(int.MaxValue));
        Assert.NotSame(cache.Layer(0), cache.Layer(1));
        Refusal.Of<ArgumentOutOfRangeException>(() => cache.Layer(-1), "index");
    }

    [Fact]
    public void Initializers_need_numbers()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => Initializer.Uniform(-3e38f, 3e38f), "high");
        Refusal.Of<ArgumentOutOfRangeException>(() => Initializer.Uniform(1, -1), "high");
        Refusal.Of<ArgumentOutOfRangeException>(() => Initializer.Uniform(float.NaN, 1), "low");
        Refusal.Of<ArgumentOutOfRangeException>(() => Initializer.Normal(float.NaN), "mean");
        Refusal.Of<ArgumentOutOfRangeException>(() => Initializer.Normal(0, -1), "standardDeviation");
        Refusal.Of<ArgumentOutOfRangeException>(() => Initializer.XavierNormal(double.NaN), "gain");
        Refusal.Of<ArgumentOutOfRangeException>(() => Gain.LeakyRelu(double.NaN), "slope");
    }

    /// <summary>An initializer of one's own that makes another shape would be permuted by axes that it has not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Initializers_make_what_is_asked_for(bool makesNothing)
    {
        var initializer = new Wrong(makesNothing);
        string what = makesNothing ? "null" : "shape [3]";
        foreach (var make in new Func<object>[]
        {
            () => new Conv2d(1, 1, 3, weightInitializer: initializer), () => new Dense(1, 1, biasInitializer: initializer),
            () => new Embedding(1, 1, initializer: initializer), () => new LearnedPositions(1, 1, initializer),
        })
        {
            Assert.Contains(what, Assert.ThrowsAny<TensorException>(make).Message, StringComparison.Ordinal);
        }
    }

    private sealed class Wrong(bool makesNothing) : Initializer
    {
        public override Tensor Create(Shape shape, Fans fans, RandomStream random) => makesNothing ? null! : Tensor.Zeros([3]);
    }
}
