using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>What the tape knows about a tensor.</summary>
public static class History
{
    extension(Tensor x)
    {
        /// <summary>Whether gradients flow through this tensor: it is a parameter that is not frozen, or was recorded.</summary>
        public bool HasHistory => x.TapeSlot is not null;

        /// <summary>Calls a function with the complete gradient of this tensor in the backward pass; it may return a replacement. The hook ends with the scope.</summary>
        /// <exception cref="LifetimeException">The tensor was not recorded.</exception>
        public HookHandle OnGradient(Func<Tensor, Tensor?> hook)
        {
            Operation.Check("OnGradient", x);
            return x.TapeSlot is Node node
                ? node.AddHook(hook)
                : throw new LifetimeException("OnGradient", $"nothing was recorded for the tensor of shape {x.Shape} made by {x.Origin}", "compute it from parameters inside Tape.Record()");
        }
    }
}
