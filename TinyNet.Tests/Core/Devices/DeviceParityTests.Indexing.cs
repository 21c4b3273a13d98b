using TinyNet.Core;

namespace TinyNet.Tests.Core;

/// <summary>What picks elements by indices.</summary>
public partial class DeviceParityTests
{
    [Theory, MemberData(nameof(Devices))]
    public void Indexing_agrees(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var shape = AnyShape(random, minimumRank: 1);
        int axis = random.Next(shape.Rank);
        shape = shape.With(axis, Math.Max(1, shape[axis]));
        var index = AnyIndex(random, [random.Next(6)], shape[axis]);
        var few = shape.With(axis, index.Length);
        var (x, picked) = (make(shape, AnyForm(random)), make(few, DestinationForm(random)));
        Both(device, on => on.IndexSelect(x.On(on), axis, index, picked.On(on)));
        picked.AssertAgree(0, "index select");
        var (source, total) = (make(few, AnyForm(random)), make(shape, DestinationForm(random)));
        Both(device, on => on.IndexAdd(source.On(on), axis, index, total.On(on)));
        total.AssertAgree(Tolerance, "index add");

        // Along the other axes an index may be shorter than what it picks from, its source larger than itself.
        Shape smaller = shape.With(axis, random.Next(6)), larger = smaller;
        for (int other = 0; other < shape.Rank; other++)
        {
            smaller = other == axis ? smaller : smaller.With(other, random.Next(shape[other] + 1));
            larger = larger.With(other, smaller[other] + random.Next(3));
        }

        index = AnyIndex(random, smaller, shape[axis]);
        var gathered = make(smaller, DestinationForm(random));
        Both(device, on => on.Gather(x.On(on), axis, index, gathered.On(on)));
        gathered.AssertAgree(0, "gather");
        source = make(larger, AnyForm(random));
        Both(device, on => on.ScatterAdd(source.On(on), axis, index, total.On(on)));
        total.AssertAgree(Tolerance, "scatter add");
    });

    // More than the contract asks for.
    [Theory, MemberData(nameof(Processors))]
    public void Permuting_in_place_agrees(int bits, int threads) => Repeat(bits, threads, (device, random, make) =>
    {
        var (x, y) = (make([5, 3], DestinationForm(random)), make([5, 3], DestinationForm(random)));
        var order = AnyIndex(random, [5], 5);
        Both(device, on => on.IndexSelect(x.On(on), 0, order, x.On(on)));
        x.AssertAgree(0, "index select in place");
        var orders = AnyIndex(random, [5, 3], 3);
        Both(device, on => on.Gather(y.On(on), 1, orders, y.On(on)));
        y.AssertAgree(0, "gather in place");
    });
}
