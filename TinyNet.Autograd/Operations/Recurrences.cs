using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>The weights of a recurrent layer in one direction: W_ih [in, G·H], W_hh [H, G·H] and the biases [G·H].</summary>
internal readonly record struct RecurrentWeights(Tensor Input, Tensor State, Tensor? InputBias, Tensor? StateBias);

/// <summary>Recurrent layers over whole sequences: one operation for a layer and direction.</summary>
internal static class Recurrences
{
    extension(Tensor x)
    {
        /// <summary>
        /// The states of a layer over x [T, B, in]: [T + 1, B, H], the initial one first, in reverse last; one more, if the step
        /// has a cell, is the last cell. In padding, from a sample's length on, the state stays as it is.
        /// </summary>
        /// <param name="name">The layer, for messages.</param>
        /// <param name="weights">The weights.</param>
        /// <param name="state">The initial state [B, H]; null for zeros.</param>
        /// <param name="cell">The initial cell [B, H]; null for zeros, and where the step has none.</param>
        /// <param name="lengths">The number of steps of each sample; null for all. What is in the padding of x must be finite.</param>
        /// <param name="isReverse">Whether the last step comes first.</param>
        public Tensor Recurrence<TStep>(string name, in RecurrentWeights weights, Tensor? state = null, Tensor? cell = null,
            IndexTensor? lengths = null, bool isReverse = false)
            where TStep : struct, IRecurrentStep
        {
            Check(name, x, weights.Input);
            Check(name, x, weights.State);
            Check(name, x, weights.InputBias);
            Check(name, x, weights.StateBias);
            Check(name, x, state);
            Check(name, x, cell);
            x = x.Contiguous();
            var device = x.Device;
            int steps = x.Shape[0], batch = x.Shape[1], size = weights.State.Shape[0], width = TStep.Gates * size;
            bool isRecorded = Tape.Records(x, weights.Input, weights.State) || Records(weights.InputBias) || Records(weights.StateBias)
                || Records(state) || Records(cell);
            var task = new RecurrenceTask
            {
                Input = x,
                InputWeight = weights.Input,
                InputBias = weights.InputBias,
                Gates = isRecorded ? Tensor.Result(name, [steps, batch, width], device) : null,
                StateSum = isRecorded && TStep.KeepsStateSum ? Tensor.Result(name, [steps, batch, width], device) : null,
                StateWeight = weights.State,
                StateBias = weights.StateBias,
                States = Tensor.Result(name, [steps + (TStep.HasCell ? 2 : 1), batch, size], device),
                Cells = TStep.HasCell ? Tensor.Result(name, [steps + 1, batch, size], device) : null,
                Lengths = lengths,
                IsReverse = isReverse,
            };
            Begin(state, At(task.States, task.First));
            if (task.Cells is { } cells)
            {
                Begin(cell, At(cells, task.First));
            }

            device.Recurrence<TStep>(task);
            Operation.CountMultiplyAdds((long)x.Shape[0] * x.Shape[1] * (weights.Input.Length + weights.State.Length));
            if (task.Cells is not null)
            {
                device.Copy(At(task.Cells, steps - task.First), At(task.States, steps + 1));
            }

            if (isRecorded)
            {
                var node = Node<RecurrenceRule<TStep>>.Rent();
                node.Rule.Set(node, x, weights, state, cell, task);
                Tape.Push(node, task.States);
            }
            else if (task.Cells is { } unread)
            {
                Node.Drop(unread);
            }

            Tape.CheckResult(task.States);
            return task.States;
        }
    }

    private static void Check(string name, Tensor x, Tensor? other)
    {
        if (other is not null)
        {
            Operation.Check(name, x, other);
        }
    }

    private static bool Records(Tensor? operand) => operand is not null && Tape.Records(operand);

    private static void Begin(Tensor? initial, Tensor destination)
    {
        if (initial is null)
        {
            destination.Device.Fill(destination, 0);
        }
        else
        {
            destination.Device.Copy(initial, destination);
        }
    }

    private static Tensor At(Tensor x, int place) => x.View(x.Layout.Select(0, place), x.Origin);

    private static Tensor Transposed(Tensor x) => x.View(x.Layout.Transpose(0, 1), x.Origin);

    /// <summary>Gives back what nobody but the operation has seen.</summary>
    private static void Release(in RecurrenceTask task)
    {
        Node.Drop(task.Gates!);
        if (task.StateSum is { } sums)
        {
            Node.Drop(sums);
        }

        if (task.Cells is { } cells)
        {
            Node.Drop(cells);
        }
    }

    /// <summary>
    /// Back through all steps for ∂L/∂a and ∂L/∂b of every step; the rest is one product each: ∂L/∂x = ∂L/∂a W_ihᵀ,
    /// ∂L/∂W_ih = xᵀ ∂L/∂a, ∂L/∂W_hh = hᵀ ∂L/∂b, and sums for the biases.
    /// </summary>
    private struct RecurrenceRule<TStep> : IGradientRule where TStep : struct, IRecurrentStep
    {
        private Edge _x, _inputWeight, _stateWeight, _inputBias, _stateBias, _state, _cell;
        private Saved _savedX, _savedInputWeight, _savedStateWeight, _states;
        private RecurrenceTask _task;

        public void Set(Node node, Tensor x, in RecurrentWeights weights, Tensor? state, Tensor? cell, in RecurrenceTask task)
        {
            (_x, _inputWeight, _stateWeight) = (new Edge(x), new Edge(weights.Input), new Edge(weights.State));
            (_inputBias, _stateBias) = (new Edge(weights.InputBias), new Edge(weights.StateBias));
            (_state, _cell) = (new Edge(state), new Edge(cell));
            _task = task;
            _savedStateWeight = node.Save(weights.State);
            _states = node.Save(task.States);
            _savedX = node.Save(x, when: _inputWeight.IsNeeded);
            _savedInputWeight = node.Save(weights.Input, when: _x.IsNeeded);
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            var (states, task) = (_states.Get(node), _task);
            _savedStateWeight.Get(node);
            Shape shape = [task.Batch, task.HiddenSize];
            var stateGradient = Tensor.Result(node.Operation, shape, node.Device);
            var cellGradient = TStep.HasCell ? Tensor.Result(node.Operation, shape, node.Device) : null;
            if (cellGradient is not null)
            {
                node.Device.Copy(At(gradient, task.Steps + 1), cellGradient);
            }

            node.Device.RecurrenceGradient<TStep>(task, gradient, stateGradient, cellGradient);
            Tensor a = RecurrenceTask.Rows(task.Gates!), b = task.StateSum is null ? a : RecurrenceTask.Rows(task.StateSum);
            if (_inputWeight.IsNeeded)
            {
                Pass(node, _inputWeight, Transposed(RecurrenceTask.Rows(_savedX.Get(node))), a);
            }

            if (_stateWeight.IsNeeded)
            {
                var before = states.View(states.Layout.Slice(0, task.IsReverse ? 1 : 0, task.Steps, 1), node.Operation);
                Pass(node, _stateWeight, Transposed(RecurrenceTask.Rows(before)), b);
            }

            PassBiases(node, a, b);
            if (_x.BeginIfNeeded() is { } toX)
            {
                var rows = RecurrenceTask.Rows(toX);
                node.Device.MatrixProduct(a, Transposed(_savedInputWeight.Get(node)), bias: null, accumulate: false, rows);
                _x.End(toX);
            }

            Pass(_state, stateGradient);
            if (cellGradient is not null)
            {
                Pass(_cell, cellGradient);
            }

            Release(task);
        }

        private static void Pass(Node node, in Edge weight, Tensor rows, Tensor gradient)
        {
            var contribution = weight.Begin();
            node.Device.MatrixProduct(rows, gradient, bias: null, accumulate: false, contribution);
            weight.End(contribution);
        }

        private readonly void PassBiases(Node node, Tensor a, Tensor b)
        {
            if (_inputBias.IsNeeded && _stateBias.IsNeeded && a == b)
            {
                // The same sum for both.
                var sum = Tensor.Result(node.Operation, [1, a.Shape[1]], node.Device);
                node.Device.Reduce(new SumReduction(), a, sum);
                var row = At(sum, 0);
                _inputBias.Pass(row);
                _stateBias.Pass(row);
                Node.Drop(sum);
                return;
            }

            _inputBias.PassBroadcast(a);
            _stateBias.PassBroadcast(b);
        }

        private static void Pass(in Edge initial, Tensor gradient)
        {
            initial.Pass(gradient);
            Node.Drop(gradient);
        }
    }
}
