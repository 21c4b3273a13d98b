using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>The gradient check of modules.</summary>
public static class GradCheckOfModules
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
            Parameter[] parameters = [.. module.Parameters()];
            Tensor[] buffers = [.. module.NamedBuffers().Select(named => named.Buffer)];
            RandomStream[] streams = [.. module.NamedModules().Select(named => named.Module.Random).OfType<RandomStream>().Distinct()];
            ulong[] positions = [.. streams.Select(stream => stream.Position)];
            var parameterHomes = parameters.Select(parameter => parameter.Exchange(Device.Reference)).ToArray();
            var bufferHomes = buffers.Select(buffer => buffer.Storage).ToArray();
            var defaultDevice = Device.DefaultOfThread;
            // Tensors that the module makes during the pass are to be on the reference device too.
            Device.DefaultOfThread = Device.Reference;
            try
            {
                GradCheck.Verify(operands => Evaluate(operands[0]), [input], parameters);
            }
            finally
            {
                Device.DefaultOfThread = defaultDevice;
                for (int i = 0; i < parameters.Length; i++)
                {
                    parameters[i].Restore(parameterHomes[i]);
                }

                RestoreBuffers();
                RestoreStreams();
            }

            Tensor Evaluate(Tensor operand)
            {
                RestoreStreams();
                RestoreBuffers();
                foreach (var buffer in buffers)
                {
                    buffer.Rebind(buffer.Keep(Device.Reference).Storage);
                }

                return module.Forward(operand);
            }

            void RestoreBuffers()
            {
                for (int i = 0; i < buffers.Length; i++)
                {
                    buffers[i].Rebind(bufferHomes[i]);
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
