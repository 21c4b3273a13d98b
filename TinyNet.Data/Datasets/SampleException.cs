namespace TinyNet.Data;

/// <summary>A sample that could not be read: names the dataset and the sample, and has what went wrong inside.</summary>
public sealed class SampleException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="dataset">The name of the dataset.</param>
    /// <param name="index">Which of its samples it was.</param>
    /// <param name="reason">What went wrong.</param>
    public SampleException(string dataset, int index, Exception reason)
        : base($"dataset '{dataset}', sample {index}: {reason?.Message}", reason) => (Dataset, Index) = (dataset, index);

    /// <summary>The name of the dataset: of a part of another one or of a dataset made of another one, that of the other one.</summary>
    public string Dataset { get; }

    /// <summary>Which sample of that dataset it was.</summary>
    public int Index { get; }
}
