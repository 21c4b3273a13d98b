namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void IndexSelect(Tensor x, int axis, IndexTensor index, Tensor destination)
    {
        var from = new ReferenceLines(x, axis);
        var to = new ReferenceLines(destination, axis);
        for (int line = 0; line < to.Count; line++)
        {
            double[] source = from.ToArray(line);
            for (int i = 0; i < index.Length; i++)
            {
                to[line, i] = source[index.Values[i]];
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void IndexAdd(Tensor source, int axis, IndexTensor index, Tensor destination)
    {
        var from = new ReferenceLines(source, axis);
        var to = new ReferenceLines(destination, axis);
        for (int line = 0; line < to.Count; line++)
        {
            double[] terms = from.ToArray(line);
            for (int i = 0; i < index.Length; i++)
            {
                to[line, index.Values[i]] += terms[i];
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void Gather(Tensor x, int axis, IndexTensor index, Tensor destination)
    {
        double[] values = ((ReferenceStorage)x.Storage).Values;
        var starts = x.Layout.Starts(axis).Corner(index.Shape);
        var results = new double[index.Length];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = values[starts.OffsetOf(i) + index.Values[i] * x.Layout.Strides[axis]];
        }

        // Written last, because the destination may be x.
        var to = new ReferenceElements(destination);
        for (int i = 0; i < results.Length; i++)
        {
            to[i] = results[i];
        }
    }

    /// <inheritdoc/>
    protected internal override void ScatterAdd(Tensor source, int axis, IndexTensor index, Tensor destination)
    {
        double[] sources = ((ReferenceStorage)source.Storage).Values, values = ((ReferenceStorage)destination.Storage).Values;
        var sourceCorner = source.Layout.Corner(index.Shape);
        var starts = destination.Layout.Starts(axis).Corner(index.Shape);
        var terms = new double[index.Length];
        for (int i = 0; i < terms.Length; i++)
        {
            terms[i] = sources[sourceCorner.OffsetOf(i)];
        }

        for (int i = 0; i < terms.Length; i++)
        {
            values[starts.OffsetOf(i) + index.Values[i] * destination.Layout.Strides[axis]] += terms[i];
        }
    }
}
