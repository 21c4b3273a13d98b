using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The gradient check of modules.</summary>
public static class ModuleGradCheck
{
    extension(GradCheck)
    {
        /// <summary>
        /// Throws where the gradients of a module, to its input and to all its parameters, differ from central differences. The
        /// check runs in double precision on the reference device; parameters, buffers and random streams are afterwards as before.
        /// </summary>
        /// <exception cref="GradientCheckException">A gradient is wrong.</exception>
        public static void Verify(Module<Tensor, Tensor> module, Tensor input)
        {
            ArgumentNullException.ThrowIfNull(module);
            ArgumentNullException.ThrowIfNull(input);
            GradCheck.Verify(module, operands => module.Forward(operands[0]), input);
        }

        /// <summary>The same of a module that takes indices, which have no gradient: all its parameters are checked.</summary>
        /// <exception cref="GradientCheckException">A gradient is wrong.</exception>
        /// <exception cref="ArgumentException">There is nothing to check: all parameters are frozen, or there are none.</exception>
        public static void Verify(Module<IndexTensor, Tensor> module, IndexTensor input)
        {
            ArgumentNullException.ThrowIfNull(module);
            ArgumentNullException.ThrowIfNull(input);
            GradCheck.Verify(module, _ => module.Forward(input));
        }

        /// <summary>The same of a module that takes or gives something else than one tensor: a function calls it.</summary>
        /// <param name="module">The module.</param>
        /// <param name="function">
        /// Makes the module's input of the operands, calls its <c>Forward</c>, and returns the tensor whose gradients are checked. Indices
        /// and masks, which have no gradient, need not be operands.
        /// </param>
        /// <param name="operands">The tensors whose gradients are checked, beside those of the parameters; they are copied.</param>
        /// <example>
        /// <code>
        /// GradCheck.Verify(attention, x => attention.Forward(new AttentionInput(x[0], x[1], x[1])).Output, queries, keys);
        /// </code>
        /// </example>
        /// <exception cref="GradientCheckException">A gradient is wrong.</exception>
        /// <exception cref="ArgumentException">There is nothing to check: no operand, and no parameter that is not frozen.</exception>
        public static void Verify(Module module, Func<Tensor[], Tensor> function, params Tensor[] operands)
        {
            ArgumentNullException.ThrowIfNull(module);
            ArgumentNullException.ThrowIfNull(function);
            ArgumentNullException.ThrowIfNull(operands);
            Tensor[] buffers = [.. module.NamedBuffers().Select(named => named.Buffer)];
            RandomStream[] streams = [.. module.NamedModules().Select(named => named.Module.Random).OfType<RandomStream>().Distinct()];
            ulong[] positions = [.. streams.Select(stream => stream.Position)];
            var contents = buffers.Select(buffer => buffer.Storage).ToArray();
            try
            {
                GradCheck.Verify(Evaluate, operands, module.Parameters());
            }
            finally
            {
                RestoreBuffers();
                RestoreStreams();
            }

            Tensor Evaluate(Tensor[] values)
            {
                RestoreStreams();
                RestoreBuffers();
                foreach (var buffer in buffers)
                {
                    buffer.Rebind(buffer.Keep(Device.Reference).Storage);
                }

                return function(values);
            }

            void RestoreBuffers()
            {
                for (int i = 0; i < buffers.Length; i++)
                {
                    buffers[i].Rebind(contents[i]);
                }
            }

            void RestoreStreams()
            {
                for (int i = 0; i < streams.Length; i++)
                {
                    streams[i].Position = positions[i];
                }
            }
        }
    }
}
