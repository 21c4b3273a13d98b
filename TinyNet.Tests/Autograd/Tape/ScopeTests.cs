using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Tests.Autograd;

/// <summary>What operations make inside a scope lives until it closes; misuse says what is wrong.</summary>
public class ScopeTests
{
    private readonly Tensor _x = Tensor.From([1, 2, 3]);

    [Fact]
    public void Use_after_the_scope_names_both_operations_and_the_shape()
    {
        Tensor y;
        using (Tape.NoRecord())
        {
            y = _x.Exp();
        }

        Refusal.Of<LifetimeException>(() => y + _x, "Add", "[3]", "Exp", "after its scope ended", "Keep()");
        Refusal.Of<LifetimeException>(() => y.ToArray(), "ToArray", "Exp");
        Refusal.Of<LifetimeException>(() => y.Reshape(3, 1), "Reshape");
        Refusal.Of<LifetimeException>(() => y[0], "Exp");
        Refusal.Of<LifetimeException>(() => y.Fill(0), "Fill");
        Refusal.Of<LifetimeException>(() => y.CopyFrom([1, 2, 3]), "CopyFrom");
        Refusal.Of<LifetimeException>(() => y.Keep(), "Keep");
        Refusal.Of<LifetimeException>(() => new Parameter(y), "Keep");
        Refusal.Of<LifetimeException>(() => y.Detach(), "Detach");
    }

    [Fact]
    public void Use_in_a_later_scope_never_reads_recycled_memory()
    {
        Tensor y;
        using (Tape.NoRecord())
        {
            y = _x.Exp();
        }

        using (Tape.NoRecord())
        {
            _ = _x.Sqrt();
            Refusal.Of<LifetimeException>(() => y.Sum(), "Sum", "Exp");
        }
    }

    [Fact]
    public void A_view_ends_with_its_storage()
    {
        Tensor view;
        using (Tape.NoRecord())
        {
            view = _x.Exp().Slice(0, 1);
        }

        Refusal.Of<LifetimeException>(() => view.ToArray(), "Slice", "[2]");
    }

    [Fact]
    public void An_index_tensor_ends_with_its_scope()
    {
        IndexTensor index;
        using (Tape.NoRecord())
        {
            index = _x.ArgMax(0, keepDims: true);
        }

        Refusal.Of<LifetimeException>(() => index.ToArray(), "ArgMax");
        Refusal.Of<LifetimeException>(() => _x.IndexSelect(0, index), "IndexSelect", "ArgMax");
    }

    [Fact]
    public void ToString_of_what_has_ended_says_so_and_does_not_throw()
    {
        Tensor y;
        IndexTensor index;
        using (Tape.NoRecord())
        {
            (y, index) = (_x.Exp(), _x.ArgMax(0, keepDims: true));
        }

        Assert.Equal("Tensor [3] on cpu (its step or batch has ended, or is on another thread)", y.ToString());
        Assert.Equal("IndexTensor [1] (its step or batch has ended, or is on another thread)", index.ToString());
    }

    [Fact]
    public void Item_ToArray_and_Keep_are_the_ways_out()
    {
        float item;
        float[] array;
        Tensor kept;
        using (Tape.NoRecord())
        {
            var y = _x * 2;
            (item, array, kept) = (y.Sum().Item(), y.ToArray(), y.Slice(0, 1).Keep());
        }

        Assert.Equal(12, item);
        Assert.Equal([2, 4, 6], array);
        Assert.Equal([4, 6], kept.ToArray());
    }

    [Fact]
    public void What_is_made_from_data_inside_a_scope_outlives_it()
    {
        Tensor from, random;
        using (Tape.Record())
        {
            from = Tensor.From([5]);
            random = Tensor.Uniform([2], new RandomStream(1));
        }

        Assert.Equal(5, from.Item());
        Assert.Equal(2, random.ToArray().Length);
    }

    [Fact]
    public void A_second_scope_throws_and_names_the_first()
    {
        using var tape = Tape.NoRecord();
        Refusal.Of<LifetimeException>(() => Tape.Record(), "Tape.Record()", "Tape.NoRecord()", "using");
        Refusal.Of<LifetimeException>(() => Tape.NoRecord(), "Tape.NoRecord()");
    }

    [Fact]
    public void After_a_refused_second_scope_the_first_goes_on()
    {
        using var tape = Tape.NoRecord();
        var y = _x.Exp();
        Assert.Throws<LifetimeException>(() => Tape.Record());
        Assert.Equal(3, y.ToArray().Length);
    }

    [Fact]
    public void A_tensor_of_the_step_is_refused_on_another_thread()
    {
        using var tape = Tape.NoRecord();
        var y = _x.Exp();
        OtherThread.Run(() => Refusal.Of<LifetimeException>(() => y + y, "Add", "another thread", "await", "Keep()"));
    }

    [Fact]
    public void A_kept_copy_is_usable_on_another_thread()
    {
        using var tape = Tape.NoRecord();
        var y = _x.Exp().Keep();
        OtherThread.Run(() => Assert.Equal(3, (y + y).Length));
    }

    [Fact]
    public void Two_threads_have_a_scope_each()
    {
        using var tape = Tape.Record();
        OtherThread.Run(() =>
        {
            using var other = Tape.Record();
            Assert.Equal(6, _x.Sum().Item());
        });
    }

    [Fact]
    public void A_scope_closed_on_another_thread_as_after_an_await_throws_and_sets_its_own_thread_free()
    {
        var tape = Tape.Record();
        OtherThread.Run(() => Refusal.Of<LifetimeException>(tape.Dispose, "another thread", "await"));
        using var next = Tape.Record();
        Assert.True(Tape.IsRecordingNow);
    }

    [Fact]
    public void Backward_on_another_thread_is_refused()
    {
        var p = new Parameter(_x);
        using var tape = Tape.Record();
        var loss = p.Sum();
        OtherThread.Run(() => Refusal.Of<LifetimeException>(() => tape.Backward(loss), "Backward", "thread"));
    }

    [Fact]
    public void Closing_twice_does_nothing()
    {
        var tape = Tape.Record();
        tape.Dispose();
        using var next = Tape.Record();
        tape.Dispose();
        Assert.True(Tape.IsRecordingNow);
    }

    [Fact]
    public void A_suspended_scope_is_set_aside_and_taken_up_again()
    {
        using var tape = Tape.Record();
        var y = _x.Exp();
        using (Tape.Suspend())
        {
            Assert.False(Tape.IsRecordingNow);
            Refusal.Of<LifetimeException>(() => y + y, "suspended");
            using var inner = Tape.NoRecord();
            Assert.Equal(6, _x.Sum().Item());
        }

        Assert.True(Tape.IsRecordingNow);
        Assert.Equal(3, (y + y).Length);
    }

    [Fact]
    public void A_tensor_made_outside_any_scope_lasts()
    {
        var y = _x.Exp();
        using (Tape.NoRecord())
        {
            _ = y + y;
        }

        Assert.Equal(MathF.E, y[0], 1e-6f);
    }

    [Fact]
    public void Building_a_parameter_inside_a_scope_does_no_harm()
    {
        Parameter p;
        using (var tape = Tape.Record())
        {
            p = new Parameter(_x.Exp());
            tape.Backward(p.Sum());
        }

        using (var tape = Tape.Record())
        {
            tape.Backward(p.Sum());
        }

        Assert.Equal([2, 2, 2], p.Gradient!.ToArray());
    }

    [Fact]
    public void A_view_of_a_parameter_outlives_its_scope_without_history()
    {
        var p = new Parameter(_x);
        Tensor view;
        using (Tape.Record())
        {
            view = p.Reshape(3, 1);
            Assert.True(view.HasHistory);
        }

        Assert.False(view.HasHistory);
        using var tape = Tape.Record();
        tape.Backward((p.Reshape(3, 1).Reshape(3) * view.Reshape(3)).Sum());
        Assert.Equal([1, 2, 3], p.Gradient!.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_buffer_is_outstanding_after_a_scope(bool records)
    {
        var device = new CpuDevice(1);
        var p = new Parameter(Tensor.Ones([4, 5], device));
        using (var tape = records ? Tape.Record() : Tape.NoRecord())
        {
            var x = Tensor.Ones([3, 4], device);
            var y = x.MatMul(p).Softmax().Transpose().Reshape(15).Variance();
            Assert.True(device.Pool.Outstanding > 0);
            if (records)
            {
                tape.Backward(y);
            }
        }

        Assert.Equal(0, device.Pool.Outstanding);
    }

    [Fact]
    public void Gradients_of_intermediates_go_back_as_soon_as_their_rule_ran()
    {
        var device = new CpuDevice(1);
        var p = new Parameter(Tensor.Ones([100], device));
        using var tape = Tape.Record();
        Tensor y = p;
        for (int i = 0; i < 20; i++)
        {
            y = (y + y.Tanh()).Reshape(10, 10).Transpose().Reshape(100) * 0.5f;
        }

        var loss = y.Sum();
        int before = device.Pool.Outstanding;
        tape.Backward(loss);
        Assert.InRange(device.Pool.Outstanding - before, 0, 1);
    }

    [Fact]
    public void No_buffer_is_outstanding_after_a_step_that_failed()
    {
        var device = new CpuDevice(1);
        var p = new Parameter(Tensor.Ones([4], device));
        Assert.Throws<ShapeException>(() =>
        {
            using var tape = Tape.Record();
            p.OnGradient(_ => Tensor.Ones([3], device));
            tape.Backward(p.Exp().Sum());
        });
        Assert.Equal(0, device.Pool.Outstanding);
    }
}
