using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>A record that does not take the tensors of gradient hooks would leave them without a call: it is refused by name.</summary>
public class TensorRecordTests
{
    private static readonly TensorHook Nothing = (_, _, _) => { };

    public static TheoryData<string> Wrong => new(Mistakes.Keys);

    // What VisitTensors does, and what the message says of it.
    private static Dictionary<string, (Func<Pair, TensorVisitor, ITensorRecord> Visit, string[] Message)> Mistakes { get; } = new()
    {
        ["gives itself"] = ((pair, visitor) =>
        {
            visitor.Visit("First", pair.First);
            visitor.Visit("Second", pair.Second);
            return pair;
        }, ["First'", "new record"]),
        ["forgets one"] = ((pair, visitor) =>
        {
            visitor.Visit("Second", pair.Second);
            return pair with { First = visitor.Visit("First", pair.First) };
        }, ["Second'", "new record"]),
        ["exchanges them"] = (
            (pair, visitor) => pair with { First = visitor.Visit("Second", pair.Second), Second = visitor.Visit("First", pair.First) },
            ["does not have at", "new record"]),
        ["gives null"] = ((pair, visitor) =>
        {
            visitor.Visit("First", pair.First);
            return null!;
        }, ["Pair", "returned null", "of the same type"]),
        ["gives another type"] = ((pair, visitor) =>
            new Around(pair with { First = visitor.Visit("First", pair.First), Second = visitor.Visit("Second", pair.Second) }),
            ["Pair", "returned a Around", "of the same type"]),
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_record_that_does_not_take_the_tensors_of_a_hook_is_refused(string mistake)
    {
        var (visit, message) = Mistakes[mistake];
        var p = new Parameter(Tensor.From([1]));
        Refuses(x => new Pair(x, 2 * x, visit));
        Refuses(x => new Around(new Pair(x, 2 * x, visit)));
        Refuses<ITensorRecord>(x => new Pair(x, 2 * x, visit));
        Refuses<Pair[]>(x => [new Pair(x, 2 * x, (pair, visitor) => pair.Renewed(visitor)), new Pair(x, 2 * x, visit)]);

        void Refuses<T>(Func<Tensor, T> function)
        {
            foreach (bool isOutput in new[] { false, true })
            {
                var made = new Making<T>(function);
                Module module = isOutput ? made : made.After;
                using var handle = isOutput ? module.OnOutputGradient(Nothing) : module.OnInputGradient(Nothing);
                using (Tape.NoRecord())
                {
                    made.Forward(p);
                }

                using var tape = Tape.Record();
                Refusal.Of<TensorException>(() => made.Forward(p), ["gradient hook", "VisitTensors", .. message]);
            }

            // Who only looks is content with what was visited.
            var seen = new Making<T>(function);
            int calls = 0;
            seen.OnOutput((_, _, _) => calls++);
            using var record = Tape.Record();
            seen.Forward(p);
            Assert.True(calls > 0);
        }
    }

    private sealed record Pair(Tensor First, Tensor Second, Func<Pair, TensorVisitor, ITensorRecord> Visit) : ITensorRecord
    {
        public ITensorRecord VisitTensors(TensorVisitor visitor) => Visit(this, visitor);

        public Pair Renewed(TensorVisitor visitor) =>
            this with { First = visitor.Visit("First", First), Second = visitor.Visit("Second", Second) };
    }

    private sealed record Around(Pair Inner) : ITensorRecord
    {
        public ITensorRecord VisitTensors(TensorVisitor visitor) => new Around(visitor.Visit(nameof(Inner), Inner));
    }

    private sealed class Making<T> : Module<Tensor, T>
    {
        private readonly Func<Tensor, T> _function;

        public Making(Func<Tensor, T> function) => (_function, After) = (function, Child("after", new Taking<T>()));

        public Taking<T> After { get; }

        protected override T ForwardCore(Tensor input) => After.Forward(_function(1 * input));
    }

    private sealed class Taking<T> : Module<T, T>
    {
        protected override T ForwardCore(T input) => input;
    }
}
