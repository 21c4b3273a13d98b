namespace TinyNet.Core;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor destination)
    {
        var x = new ReferenceElements(a, destination.Shape);
        var to = new ReferenceElements(destination);
        for (int i = 0; i < destination.Length; i++)
        {
            to[i] = map.Forward(new DoubleLane(x[i])).Value;
        }
    }

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor destination)
    {
        var x = new ReferenceElements(a, destination.Shape);
        var y = new ReferenceElements(b, destination.Shape);
        var to = new ReferenceElements(destination);
        for (int i = 0; i < destination.Length; i++)
        {
            to[i] = map.Forward(new DoubleLane(x[i]), new DoubleLane(y[i])).Value;
        }
    }

    /// <inheritdoc/>
    protected internal override void Map<TMap>(TMap map, Tensor a, Tensor b, Tensor c, Tensor destination)
    {
        var x = new ReferenceElements(a, destination.Shape);
        var y = new ReferenceElements(b, destination.Shape);
        var z = new ReferenceElements(c, destination.Shape);
        var to = new ReferenceElements(destination);
        for (int i = 0; i < destination.Length; i++)
        {
            to[i] = map.Forward(new DoubleLane(x[i]), new DoubleLane(y[i]), new DoubleLane(z[i])).Value;
        }
    }

    /// <inheritdoc/>
    protected internal override void Update<TUpdate>(
        TUpdate update, Tensor parameter, Tensor gradient, Tensor? state0, Tensor? state1, Tensor? state2)
    {
        var p = new ReferenceElements(parameter);
        var g = new ReferenceElements(gradient);
        for (int i = 0; i < parameter.Length; i++)
        {
            var value = new DoubleLane(p[i]);
            var (s0, s1, s2) = (Read(state0, i), Read(state1, i), Read(state2, i));
            update.Apply(ref value, new DoubleLane(g[i]), ref s0, ref s1, ref s2);
            p[i] = value.Value;
            Write(state0, i, s0);
            Write(state1, i, s1);
            Write(state2, i, s2);
        }
    }

    private static DoubleLane Read(Tensor? state, int index) =>
        state is null ? DoubleLane.Zero : new DoubleLane(new ReferenceElements(state)[index]);

    private static void Write(Tensor? state, int index, DoubleLane value)
    {
        if (state is not null)
        {
            new ReferenceElements(state)[index] = value.Value;
        }
    }
}
