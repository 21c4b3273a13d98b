using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.ExtensionTests;

// <data>
/// <summary>x, and its sine to be predicted.</summary>
public sealed class Sines : Dataset<RegressionBatch>
{
    private readonly NumberField _x, _y;

    public Sines(int count) : base("sines", count) => (_x, _y) = (Numbers("x", 1), Numbers("y", 1));

    public override RegressionBatch ToBatch(BatchTensors tensors) => new(tensors[_x], tensors[_y]);

    protected override void ReadCore(Sample sample)
    {
        float x = sample.Index * 0.01f;
        sample[_x][0] = x;
        sample[_y][0] = MathF.Sin(x);
    }
}
// </data>

// <data>
/// <summary>A walk with a length of its own: in each step two numbers, and to be predicted their sum over all steps.</summary>
public sealed class Walks : Dataset<Walks.Batch>
{
    private readonly NumberField _steps, _end;

    public Walks(int count) : base("walks", count) => (_steps, _end) = (NumberSequence("steps", 2), Numbers("end", 2));

    public override Batch ToBatch(BatchTensors tensors) => new(tensors[_steps], tensors.Lengths(_steps), tensors[_end]);

    protected override void ReadCore(Sample sample)
    {
        var random = new RandomStream((ulong)sample.Index);
        Span<float> steps = sample[_steps, 3 + random.Next(5)], end = sample[_end];
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i] = random.Next(100) / 100f;
            end[i % 2] += steps[i];
        }
    }

    public readonly record struct Batch(Tensor Steps, IndexTensor Lengths, Tensor End);
}
// </data>

// <data>
/// <summary>Walks whose lengths are known without reading them.</summary>
public sealed class KnownWalks : Dataset<Walks.Batch>
{
    private readonly Walks _walks;

    public KnownWalks(Walks walks) : base("known walks", walks) => _walks = walks;

    public override int? LengthOf(int index) => 3 + new RandomStream((ulong)index).Next(5);

    public override Walks.Batch ToBatch(BatchTensors tensors) => _walks.ToBatch(tensors);

    protected override void ReadCore(Sample sample) => _walks.Read(sample);
}
// </data>

// <data>
/// <summary>Two samples of another dataset, the second another one in each epoch, and whether they are of one class.</summary>
public sealed class Pairs : Dataset<(Tensor First, Tensor Second, IndexTensor IsSame)>
{
    private readonly ArrayDataset _source;
    private readonly NumberField _first, _second;
    private readonly IndexField _isSame;

    public Pairs(ArrayDataset source) : base("pairs", source.Count)
    {
        _source = source;
        (_first, _second) = (Numbers("first", source.SampleShape), Numbers("second", source.SampleShape));
        _isSame = Indices("is same");
    }

    public override (Tensor First, Tensor Second, IndexTensor IsSame) ToBatch(BatchTensors tensors) =>
        (tensors[_first], tensors[_second], tensors[_isSame]);

    protected override void ReadCore(Sample sample)
    {
        int other = new RandomStream(((ulong)sample.Epoch << 32) | (uint)sample.Index).Next(Count);
        _source.Sample(sample.Index).CopyTo(sample[_first]);
        _source.Sample(other).CopyTo(sample[_second]);
        sample[_isSame][0] = _source.Labels[sample.Index] == _source.Labels[other] ? 1 : 0;
    }
}
// </data>

// <data>
/// <summary>Another dataset, whose images are mirrored in every second epoch.</summary>
public sealed class Mirrored<TBatch> : Dataset<TBatch>
{
    private readonly Dataset<TBatch> _source;
    private readonly NumberField _image;

    public Mirrored(Dataset<TBatch> source) : base(source.Name + "/mirrored", source) =>
        (_source, _image) = (source, (NumberField)source.Fields[0]);

    public override TBatch ToBatch(BatchTensors tensors) => _source.ToBatch(tensors);

    protected override void ReadCore(Sample sample)
    {
        _source.Read(sample);
        int width = _image.Shape[^1];
        for (var rows = sample[_image]; sample.Epoch % 2 == 1 && rows.Length > 0; rows = rows[width..])
        {
            rows[..width].Reverse();
        }
    }
}
// </data>
