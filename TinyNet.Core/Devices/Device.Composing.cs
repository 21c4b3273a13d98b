using System.Buffers;

namespace TinyNet.Core;

// What operations that are composed of others are written with, here and in a device of one's own.
public abstract partial class Device
{
    /// <summary>Sets all elements.</summary>
    protected internal virtual void Fill(Tensor destination, float value) => Map(new ConstantMap(value), destination, destination);

    /// <summary>Copies elements between tensors of the same shape on this device.</summary>
    protected internal virtual void Copy(Tensor source, Tensor destination) => Map(new IdentityOp(), source, destination);

    /// <summary>A dense tensor that an operation needs while it runs, with dirty elements; <see cref="Release"/> gives it back.</summary>
    protected Tensor Temporary(in Shape shape, string operation) => Tensor.Result(operation, shape, this);

    /// <summary>A temporary with numbers that the host computes, element by element in row-major order.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="operation">What needs it, for messages.</param>
    /// <param name="state">What the elements are computed from.</param>
    /// <param name="element">Computes an element by its index.</param>
    protected Tensor FromHost<TState>(in Shape shape, string operation, TState state, Func<TState, int, float> element)
    {
        var tensor = Temporary(shape, operation);
        UploadEach(tensor, state, element);
        return tensor;
    }

    /// <summary>A temporary tensor of 0, 1, 2 and so on.</summary>
    internal Tensor Numbers(in Shape shape, string operation) => FromHost(shape, operation, 0, static (_, i) => i);

    private void UploadEach<TState>(Tensor destination, TState state, Func<TState, int, float> element)
    {
        float[] values = Allocation.RentOnHost<float>(destination.Length, destination.Origin);
        for (int i = 0; i < destination.Length; i++)
        {
            values[i] = element(state, i);
        }

        Upload(values.AsSpan(0, destination.Length), destination);
        ArrayPool<float>.Shared.Return(values);
    }

    /// <summary>Gives the memory of temporaries back before the scope closes. Nobody else may have seen them; null is skipped.</summary>
    protected static void Release(params ReadOnlySpan<Tensor?> temporaries)
    {
        foreach (var temporary in temporaries)
        {
            temporary?.Release();
        }
    }

    /// <summary>
    /// The elements of a tensor, in the same order, in another shape: a view, or a copy where strides allow none.
    /// </summary>
    protected Tensor Reshaped(Tensor tensor, in Shape shape)
    {
        if (tensor.Layout.TryReshape(shape, out var layout))
        {
            return tensor.View(layout, tensor.Origin);
        }

        var copy = Temporary(tensor.Shape, tensor.Origin);
        Copy(tensor, copy);
        copy.Layout.TryReshape(shape, out layout);
        return copy.View(layout, tensor.Origin);
    }

    /// <summary>
    /// A tensor in another shape, to be written to: a view, or, where strides allow none, a stand-in that <see cref="Deliver"/> copies.
    /// </summary>
    protected Tensor ReshapedForWriting(Tensor tensor, in Shape shape) => tensor.Layout.TryReshape(shape, out var layout)
        ? tensor.View(layout, tensor.Origin)
        : Temporary(shape, tensor.Origin);

    /// <summary>Copies what was written in another shape to the tensor that it stood in for.</summary>
    protected void Deliver(Tensor reshaped, Tensor destination)
    {
        if (reshaped.Storage != destination.Storage)
        {
            reshaped.Layout.TryReshape(destination.Shape, out var layout);
            Copy(reshaped.View(layout, reshaped.Origin), destination);
            Release(reshaped);
        }
    }

    /// <summary>Another tensor over the same memory, for as long as that holds its contents.</summary>
    /// <param name="tensor">Whose memory it is.</param>
    /// <param name="layout">Where the elements of the view lie in it.</param>
    protected static Tensor View(Tensor tensor, in Layout layout) => tensor.View(layout, tensor.Origin);
}
