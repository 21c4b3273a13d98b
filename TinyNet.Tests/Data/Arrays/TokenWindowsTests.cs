using TinyNet.Data;

namespace TinyNet.Tests.Data;

public class TokenWindowsTests
{
    private static readonly int[] Tokens = [.. Enumerable.Range(100, 21)];

    [Fact]
    public void Targets_are_the_tokens_one_place_on()
    {
        var data = new TokenWindows("text", Tokens, length: 5);
        var (tokens, targets) = data.Load(1, 3);

        Assert.Equal(4, data.Count);
        Assert.Equal([2, 5], tokens.Shape.Sizes.ToArray());
        Assert.Equal([105, 106, 107, 108, 109, 115, 116, 117, 118, 119], tokens.ToArray());
        Assert.Equal([106, 107, 108, 109, 110, 116, 117, 118, 119, 120], targets.ToArray());
        Assert.Equal("text: 4 samples of tokens [5], targets [5]", data.ToString());
    }

    /// <summary>All windows that lie wholly in the sequence with the token after them, and no other.</summary>
    [Fact]
    public void There_are_as_many_windows_as_fit()
    {
        for (int count = 2; count <= Tokens.Length; count++)
        {
            for (int length = 1; length < count; length++)
            {
                for (int stride = 1; stride <= count; stride++)
                {
                    var data = new TokenWindows("text", Tokens[..count], length, stride);
                    int[] starts = [.. Enumerable.Range(0, count).Where(at => at % stride == 0 && at + length + 1 <= count)];
                    Assert.Equal(starts, Enumerable.Range(0, data.Count).Select(i => data.Load(i).Tokens.ToArray()[0] - 100));
                    Assert.Equal(starts[^1] + length + 100, data.Load(data.Count - 1).Targets.ToArray()[^1]);
                }
            }
        }
    }

    /// <summary>Without a stride each token but the first is predicted once, as far as windows go.</summary>
    [Fact]
    public void By_default_windows_lie_side_by_side()
    {
        var data = new TokenWindows("text", Tokens, length: 4);
        using var loader = new DataLoader<WindowBatch>(data, batchSize: 2, shuffle: true, seed: 3);

        Assert.Equal(Tokens[1..], loader.SelectMany(batch => batch.Targets.ToArray()).Order());
    }

    [Fact]
    public void What_has_no_window_is_refused()
    {
        Refusal.Of<ArgumentException>(() => new TokenWindows("text", [1, 2, 3], 3), "'text': 3 tokens have no window of 3 and the token");
        Refusal.Of<ArgumentException>(() => new TokenWindows("text", [], 1), "0 tokens");
        Refusal.Of<ArgumentException>(() => new TokenWindows("text", [1, 2, 3], int.MaxValue), "no window");
        Refusal.Of<ArgumentOutOfRangeException>(() => new TokenWindows("text", Tokens, 0), "length");
        Refusal.Of<ArgumentOutOfRangeException>(() => new TokenWindows("text", Tokens, 2, 0), "stride");
        Assert.Throws<ArgumentNullException>(() => new TokenWindows("text", null!, 2));
        Assert.Equal(1, new TokenWindows("text", Tokens, 2, int.MaxValue).Count);
    }
}
