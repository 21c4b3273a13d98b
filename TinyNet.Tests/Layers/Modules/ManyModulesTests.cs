using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Models of very many modules: side by side the work is that of each, inside each other there is a limit.</summary>
/// <remarks>They run alone: a module that another test builds makes every list of parts be made anew, which is counted as work.</remarks>
[Collection(GlobalState.Name)]
public class ManyModulesTests
{
    private const int SmallStack = 512 * 1024;

    [Fact]
    public void The_work_of_a_sequence_grows_with_its_length_alone()
    {
        var (few, many) = (Work(500), Work(2000));
        Assert.Equal(few.Select(count => 4 * count), many);
    }

    [Fact]
    public void A_sequence_of_very_many_modules_is_built_and_run()
    {
        const int Count = 200_000; // Minutes, if each new name were compared with all others.
        var one = new Identity();
        var model = new Sequential();
        var list = new ModuleList<Identity>();
        for (int i = 0; i < Count; i++)
        {
            model.Add(one);
            list.Add(one);
        }

        Assert.Equal((Count, Count), (model.Count, list.Count));
        Assert.Equal(2, model.NamedModules().Count());
        Assert.Equal([7], model.Forward(Tensor.From([7])).ToArray());
    }

    [Fact]
    public void As_many_levels_as_there_can_be_fit_on_a_small_stack() => OnSmallStack(() =>
    {
        var model = Nested(255);
        Assert.Equal(257, model.NamedModules().Count());
        model.Evaluate();
        model.Train();
        model.To(Device.Cpu);
        Assert.Equal(256 * "Sequential(".Length + "Dense(1 -> 1)".Length + 256, model.Describe().Length);
        Assert.Equal(257, model.ToString().Split("\n").Length);
        Assert.Equal(257, model.Summarize([1, 1]).Rows.Count);
        using var tape = Tape.Record();
        tape.Backward(model.Forward(Tensor.Ones([1, 1])).Sum());
        Assert.All(model.Parameters(), parameter => Assert.Equal([1], parameter.Gradient!.ToArray()));
        Assert.EndsWith(".0.weight", model.Parameters()[0].Name, StringComparison.Ordinal);
    });

    [Fact]
    public void Deeper_nesting_is_refused_from_inside_and_from_outside()
    {
        var inside = Nested(255);
        Refusal.Of<ArgumentException>(() => new Sequential(inside), "257 levels", "256");
        Assert.Equal("", inside.Path);

        var innermost = new Sequential();
        var outside = innermost;
        for (int i = 0; i < 256; i++)
        {
            var next = new Sequential();
            innermost.Add(next);
            innermost = next;
        }

        Refusal.Of<ArgumentException>(() => innermost.Add(new ReLU()), "257 levels");
        Assert.Equal(257, outside.NamedModules().Count());
        Assert.Equal(0, innermost.Count);
    }

    [Fact]
    public void A_chain_of_very_many_operations_goes_back_on_a_small_stack() => OnSmallStack(() =>
    {
        var p = new Parameter(Tensor.FromScalar(2), "p");
        using var tape = Tape.Record();
        Tensor x = p;
        for (int i = 0; i < 100_000; i++)
        {
            x = -x;
        }

        tape.Backward(x);
        Assert.Equal(1, p.Gradient!.Item());
    });

    /// <summary>How often the modules of a sequence are visited or described: while it is built, and by what is done with it.</summary>
    private static int[] Work(int length)
    {
        var counts = new List<int>();
        var modules = Enumerable.Range(0, length).Select(_ => new Counted()).ToArray();
        Sequential model = null!;
        Count(() => model = new Sequential(modules));
        Count(() => model.Parameters());
        Count(() => model.Train());
        Count(() => model.ToString());
        Count(() => model.Forward(Tensor.Ones([1])));
        Count(() => model.Summarize(1));
        return [.. counts];

        void Count(Action action)
        {
            Counted.Visits = 0;
            action();
            counts.Add(Counted.Visits);
        }
    }

    /// <summary>A linear layer in sequences inside each other.</summary>
    private static Sequential Nested(int levels)
    {
        var model = new Sequential(new Dense(1, 1));
        for (int i = 0; i < levels; i++)
        {
            model = new Sequential(model);
        }

        return model;
    }

    private static void OnSmallStack(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            SmallStack);
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private sealed class Counted : Module<Tensor, Tensor>
    {
        [ThreadStatic] private static int _visits;

        public static int Visits { get => _visits; set => _visits = value; }

        public override string Describe()
        {
            Visits++;
            return "Counted";
        }

        /// <summary>A walk asks for it, to visit each module once.</summary>
        public override int GetHashCode()
        {
            Visits++;
            return RuntimeHelpers.GetHashCode(this);
        }

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        protected override Tensor ForwardCore(Tensor input) => input;
    }
}
