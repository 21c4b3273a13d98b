using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary><c>loss.Backward()</c> walks the open tape, and says what is missing where there is none.</summary>
public class BackwardOfTensorTests
{
    private readonly Parameter _p = new(Tensor.From([1, 2, 3]), "p");

    [Fact]
    public void A_scalar_walks_the_open_tape()
    {
        using var tape = Tape.Record();
        _p.Square().Sum().Backward();
        Assert.Equal([2, 4, 6], _p.Gradient!.ToArray());
    }

    [Fact]
    public void Another_shape_takes_the_gradient_of_what_follows()
    {
        using var tape = Tape.Record();
        _p.Square().Backward(Tensor.From([1, 0, 2]));
        Assert.Equal([2, 0, 12], _p.Gradient!.ToArray());
    }

    [Fact]
    public void Without_a_tape_that_records_it_says_so()
    {
        var outside = _p.Sum();
        Refusal.Of<LifetimeException>(() => outside.Backward(), "no tape is open", "Tape.Record()");
        using var tape = Tape.NoRecord();
        Refusal.Of<LifetimeException>(() => _p.Sum().Backward(), "Tape.NoRecord()", "records nothing");
        Refusal.Of<LifetimeException>(() => tape.Backward(_p.Sum()), "Tape.NoRecord()", "records nothing", "Tape.Record()");
        Refusal.Of<LifetimeException>(() => tape.Backward(_p, Tensor.Ones([3])), "Tape.NoRecord()", "records nothing");
    }
}
