using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>What the tape knows about a tensor.</summary>
public static class TensorHistory
{
    extension(Tensor x)
    {
        /// <summary>Whether gradients flow through this tensor: it is a parameter that is not frozen, or was recorded.</summary>
        public bool HasHistory => (x ?? throw new ArgumentNullException(nameof(x))).TapeSlot is not null;

        /// <summary>
        /// Computes the gradient of this scalar with respect to every parameter it was computed from:
        /// <see cref="Tape.Backward(Tensor)"/> of the tape that is open on this thread.
        /// </summary>
        /// <exception cref="ShapeException">The tensor is not a scalar.</exception>
        /// <exception cref="LifetimeException">
        /// No tape is open or it records nothing, the tape was walked before, nothing was recorded for the tensor, or a tensor that a rule
        /// needs was overwritten.
        /// </exception>
        public void Backward() => Tape.ForBackward().Backward(x);

        /// <summary>The same for a tensor of any shape, given the gradient of what follows with respect to it.</summary>
        /// <param name="gradient">The gradient, of the tensor's shape.</param>
        /// <exception cref="ShapeException">Tensor and gradient have different shapes.</exception>
        /// <exception cref="LifetimeException">As for a scalar.</exception>
        public void Backward(Tensor gradient) => Tape.ForBackward().Backward(x, gradient);

        /// <summary>
        /// Calls a function with the complete gradient of this tensor in the backward pass; it may return a replacement. The hook ends
        /// with the scope; on a parameter, whatever its type is at hand, it stays (<see cref="Parameter.OnGradient"/>).
        /// </summary>
        /// <exception cref="LifetimeException">The tensor was not recorded.</exception>
        public HookHandle OnGradient(Func<Tensor, Tensor?> hook)
        {
            Operation.Check("OnGradient", x);
            return x.TapeSlot is Node node
                ? node.AddHook(hook)
                : throw new LifetimeException("OnGradient", $"nothing was recorded for the tensor of shape {x.Shape} made by {x.Origin}",
                    "compute it from parameters inside Tape.Record()");
        }
    }
}
