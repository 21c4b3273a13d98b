using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <summary>Trains a model on samples with classes.</summary>
/// <param name="model">Gives the scores [N, classes] of samples.</param>
/// <param name="optimizer">The optimizer of its parameters.</param>
/// <param name="loss">Compares scores with classes, and takes the mean: <see cref="CrossEntropy"/>.</param>
/// <exception cref="ArgumentException">The loss takes no mean.</exception>
/// <example>
/// <code>
/// var trainer = new Trainer(model, optimizer, new CrossEntropy()) { Metrics = { new Accuracy() }, KeepBest = true };
/// var history = trainer.Fit(train, validation, epochs: 10);
/// Console.WriteLine(trainer.Evaluate(test));
/// </code>
/// </example>
public sealed class Trainer(Module<Tensor, Tensor> model, Optimizer optimizer, Loss<IndexTensor> loss)
    : Trainer<ClassificationBatch, Tensor, IndexTensor>(
        model, optimizer, batch => model.Forward(batch.Features), batch => batch.Labels,
        MeanLoss.Of(loss, nameof(loss)).Forward, loss.MeanWeight);

/// <summary>Trains a model on samples with numbers to be predicted.</summary>
/// <param name="model">Gives predictions of the shape of the targets.</param>
/// <param name="optimizer">The optimizer of its parameters.</param>
/// <param name="loss">Compares predictions with targets, and takes the mean: <see cref="MeanSquaredError"/>.</param>
/// <exception cref="ArgumentException">The loss takes no mean.</exception>
public sealed class RegressionTrainer(Module<Tensor, Tensor> model, Optimizer optimizer, Loss<Tensor> loss)
    : Trainer<RegressionBatch, Tensor, Tensor>(
        model, optimizer, batch => model.Forward(batch.Features), batch => batch.Targets,
        MeanLoss.Of(loss, nameof(loss)).Forward, loss.MeanWeight);

/// <summary>
/// Trains a model on sequences of tokens with classes. The model sees the tokens as they are padded: where it reads the last step, have
/// them padded at the start. One that uses the lengths gets them by the general <see cref="Trainer{TBatch, TOutput, TTarget}"/>.
/// </summary>
/// <param name="model">Gives the scores [N, classes] of tokens [N, steps].</param>
/// <param name="optimizer">The optimizer of its parameters.</param>
/// <param name="loss">Compares scores with classes, and takes the mean: <see cref="CrossEntropy"/>.</param>
/// <exception cref="ArgumentException">The loss takes no mean.</exception>
public sealed class SequenceTrainer(Module<IndexTensor, Tensor> model, Optimizer optimizer, Loss<IndexTensor> loss)
    : Trainer<SequenceBatch, Tensor, IndexTensor>(
        model, optimizer, batch => model.Forward(batch.Tokens), batch => batch.Labels,
        MeanLoss.Of(loss, nameof(loss)).Forward, loss.MeanWeight);
