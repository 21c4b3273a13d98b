using TinyNet.Core;

namespace TinyNet.Autograd;

public sealed partial class Parameter
{
    /// <summary>
    /// The end of the chain, where the gradient of a parameter arrives. A pass that finds nothing to add to writes straight into the
    /// parameter's gradient. Where one is there that others have finished, or hooks are to see the sum of the pass, it collects that sum
    /// and adds it when it is complete: a pass that fails takes away only what it has written.
    /// </summary>
    internal sealed class LeafNode : Node
    {
        private readonly Parameter _parameter;

        // The passes that write into the gradient, and that collect: two where a hook of one runs another.
        private Tape? _writer, _collector;

        public LeafNode(Parameter parameter)
        {
            _parameter = parameter;
            Describe("Parameter", parameter.Shape, parameter.Device);
        }

        private bool IsCollecting => _collector == Tape.Current;

        // Straight into the parameter's gradient where nobody still reads what was there.
        public override Tensor BeginGradient() => Arrive() && !IsCollecting && _parameter._state != GradientState.Fresh
            && _parameter.Buffer() is { Storage.Holds: 0 } buffer
                ? buffer
                : base.BeginGradient();

        public override void EndGradient(Tensor contribution)
        {
            if (!Arrive())
            {
                Drop(contribution);
                return;
            }

            if (IsCollecting)
            {
                base.EndGradient(contribution);
                return;
            }

            Check(contribution);
            if (contribution != _parameter._gradient)
            {
                Take(contribution);
                Drop(contribution);
            }

            Written();
        }

        public override void PassGradient(Tensor contribution)
        {
            if (!Arrive())
            {
                return;
            }

            var copy = BeginGradient();
            Device.Copy(contribution, copy);
            EndGradient(copy);
        }

        public override Tensor OwnGradient()
        {
            if (!Arrive())
            {
                var unread = BeginGradient();
                Device.Fill(unread, 0);
                return unread;
            }

            if (IsCollecting)
            {
                return base.OwnGradient();
            }

            if (_parameter._state != GradientState.Fresh)
            {
                Device.Fill(_parameter.Buffer(), 0);
                Written();
            }

            return _parameter.Buffer();
        }

        /// <summary>The pass is complete and the hooks have run: adds what it has collected.</summary>
        public override void Backward(Tensor gradient)
        {
            if (!IsClosed)
            {
                Take(gradient);
                Written();
            }
        }

        /// <summary>The pass that writes has ended; where it has failed, what it has written is no gradient.</summary>
        public void EndWriting(bool isComplete)
        {
            _writer = null;
            if (!isComplete)
            {
                _parameter.ClearGradient();
            }
        }

        /// <summary>The pass that collects has ended: the one in whose hook it ran goes on with its own sum.</summary>
        public void EndCollecting(in Collected collected)
        {
            PutBack(collected.OuterSum);
            _collector = collected.OuterPass;
        }

        public override void Recycle() => throw new InvalidOperationException("a parameter's node is never on the tape");

        /// <summary>Whether the parameter gets a gradient; if so, the running pass has it for itself from now on.</summary>
        private bool Arrive()
        {
            if (IsClosed)
            {
                return false;
            }

            var pass = Tape.Current!;
            if (_writer != pass && _collector != pass)
            {
                Begin(pass);
            }

            return true;
        }

        private void Begin(Tape pass)
        {
            if (_parameter.Claim("Backward"))
            {
                pass.NoteClaimed(_parameter);
            }

            if (Hooks is not { Any: true } && _writer is null && _parameter._state != GradientState.Fresh)
            {
                pass.NoteWritten(this);
                _writer = pass;
                return;
            }

            // Memory for the sum is made now: nothing may fail any more when it is added.
            _parameter.Buffer();
            pass.NoteCollected(new Collected(this, TakeGradient(), _collector));
            _collector = pass;
        }

        /// <summary>Adds to a fresh gradient, overwrites any other.</summary>
        private void Take(Tensor contribution)
        {
            var buffer = _parameter.Buffer();
            if (_parameter._state == GradientState.Fresh)
            {
                Device.Map(new SumMap(), buffer, contribution, buffer);
            }
            else
            {
                Device.Copy(contribution, buffer);
            }
        }

        private void Written()
        {
            _parameter._gradient!.Storage.MarkWritten();
            _parameter._state = GradientState.Fresh;
        }
    }

    /// <summary>
    /// A leaf that collects the sum of a pass; and the pass in whose hook that runs, if it collects there too, with its sum.
    /// </summary>
    internal readonly record struct Collected(LeafNode Leaf, Tensor? OuterSum, Tape? OuterPass)
    {
        /// <summary>The sum of the pass, when it is complete and the hooks have run.</summary>
        public Tensor? Sum { get; init; }
    }
}
