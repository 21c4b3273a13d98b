using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>Looks into a model from outside.</summary>
public static class ModuleInspection
{
    extension(Module model)
    {
        /// <summary>Watches the module of a path such as <c>features.0</c>: each forward pass leaves a copy of its output.</summary>
        /// <exception cref="ArgumentException">There is no such module; the message lists those that there are.</exception>
        /// <exception cref="TensorException">The module gives no tensor, or something that hooks cannot look into.</exception>
        public OutputCapture Capture(string path)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(path);
            foreach (var (name, module) in model.NamedModules())
            {
                if (name == path)
                {
                    return new OutputCapture(path, module);
                }
            }

            string[] names = [.. model.NamedModules().Select(named => named.Name).Where(name => name.Length > 0)];
            throw new ArgumentException(
                $"no module '{path}'{Suggestion.For(path, names)}; there are {string.Join(", ", names)}", nameof(path));
        }
    }

    extension<TIn, TOut>(Module<TIn, TOut> model)
    {
        /// <summary>
        /// The output of the module of a path such as <c>features.0</c> for an input of the model: a copy, without history.
        /// </summary>
        /// <param name="path">The dotted path of the module.</param>
        /// <param name="input">The input; the model runs in the mode that it is in.</param>
        /// <exception cref="ArgumentException">There is no such module; the message lists those that there are.</exception>
        /// <exception cref="InvalidOperationException">The module did not run, or gives several tensors or none.</exception>
        public Tensor Capture(string path, TIn input)
        {
            using var capture = model.Capture(path);
            using var suspension = Tape.Suspend();
            using var scope = Tape.NoRecord();
            model.Forward(input);
            return capture.Output;
        }

        /// <summary>Output shapes, parameters and multiply-adds of all modules for an input of the model, in evaluation mode.</summary>
        public ModuleSummary Summarize(TIn input)
        {
            ArgumentNullException.ThrowIfNull(model);
            return ModuleSummary.Of(model, input);
        }
    }

    extension<TOut>(Module<Tensor, TOut> model)
    {
        /// <summary>Output shapes, parameters and multiply-adds of all modules for an input of zeros, in evaluation mode.</summary>
        /// <param name="inputShape">The shape of the input, as in <c>[1, 3, 32, 32]</c>.</param>
        public ModuleSummary Summarize(params ReadOnlySpan<int> inputShape)
        {
            ArgumentNullException.ThrowIfNull(model);
            return ModuleSummary.Of(
                model, Tensor.Zeros(new Shape(inputShape), model.Parameters() is [var first, ..] ? first.Device : Device.Default));
        }
    }
}
