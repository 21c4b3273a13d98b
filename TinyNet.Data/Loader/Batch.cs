using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>Some samples with their labels. Both tensors are valid until the loader is asked for the next batch.</summary>
/// <param name="Features">The samples: the number of samples first, then the shape of one.</param>
/// <param name="Labels">The class of each sample.</param>
public readonly record struct Batch(Tensor Features, IndexTensor Labels);
