using TinyNet.Core;

namespace TinyNet.Data;

// Batches of a loader are valid until it is asked for the next one.

/// <summary>Samples with classes.</summary>
/// <param name="Features">The samples: the number of samples first, then the shape of one.</param>
/// <param name="Labels">The class of each sample.</param>
public readonly record struct ClassificationBatch(Tensor Features, IndexTensor Labels);

/// <summary>Samples with probabilities of classes, as mixtures have them.</summary>
/// <param name="Features">The samples: the number of samples first, then the shape of one.</param>
/// <param name="Targets">The probability of each class for each sample: [samples, classes].</param>
public readonly record struct SoftClassificationBatch(Tensor Features, Tensor Targets);

/// <summary>Samples with numbers that are to be predicted.</summary>
/// <param name="Features">The samples: the number of samples first, then the shape of one.</param>
/// <param name="Targets">The numbers of each sample: the number of samples first, then their shape.</param>
public readonly record struct RegressionBatch(Tensor Features, Tensor Targets);

/// <summary>Sequences of tokens of different lengths, with classes.</summary>
/// <param name="Tokens">The tokens [samples, steps], padded to the longest.</param>
/// <param name="Lengths">How many tokens each sample has.</param>
/// <param name="Labels">The class of each sample.</param>
public readonly record struct SequenceBatch(IndexTensor Tokens, IndexTensor Lengths, IndexTensor Labels);

/// <summary>Parts of a sequence of tokens, with what is to be predicted of each.</summary>
/// <param name="Tokens">The tokens [samples, steps].</param>
/// <param name="Targets">The token after each [samples, steps].</param>
public readonly record struct WindowBatch(IndexTensor Tokens, IndexTensor Targets);
