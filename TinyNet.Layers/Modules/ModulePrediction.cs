using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Uses a model without training it.</summary>
public static class ModulePrediction
{
    extension<TInput>(Module<TInput, Tensor> model)
    {
        /// <summary>
        /// What the model gives for an input in evaluation mode: a tensor without history that lasts. Modes are afterwards as they were.
        /// </summary>
        /// <remarks>
        /// In a step that is under way it records nothing. Several threads may call it at once when the whole model is in evaluation mode
        /// already; otherwise it changes modes, as <see cref="Module.Evaluate"/> does.
        /// </remarks>
        /// <param name="input">The input, with an axis of samples as in training: one image is [1, channels, height, width].</param>
        /// <exception cref="TensorException">An operation refused its operands; the message names the module.</exception>
        public Tensor Predict(TInput input)
        {
            ArgumentNullException.ThrowIfNull(model);
            using var mode = new EvaluationMode(model);
            using var scope = StepScope.Current is null ? Tape.NoRecord() : null;
            using var pause = Tape.NoGrad();
            return model.Forward(input).Keep();
        }
    }
}
