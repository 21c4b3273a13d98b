using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>Passes over labeled data with a network that gives logits.</summary>
internal sealed class Classification(Module<Tensor, Tensor> model)
{
    private readonly CrossEntropy _crossEntropy = new();

    /// <summary>Trains on all batches once. The score is of the batches as they came, dropout included.</summary>
    public Score TrainEpoch(DataLoader loader, Optimizer optimizer, Action beforeStep, Action afterStep)
    {
        model.Train();
        var sums = new Sums();
        foreach (var (inputs, labels) in loader)
        {
            beforeStep();
            using (var tape = Tape.Record())
            {
                var logits = model.Forward(inputs);
                var loss = _crossEntropy.Forward(logits, labels);
                tape.Backward(loss);
                optimizer.Step();
                sums.Add(loss, logits, labels);
            }

            afterStep();
        }

        return sums.Score;
    }

    /// <summary>Scores the network as it is used, without dropout.</summary>
    public Score Evaluate(DataLoader loader)
    {
        model.Evaluate();
        var sums = new Sums();
        foreach (var (inputs, labels) in loader)
        {
            using var scope = Tape.NoRecord();
            var logits = model.Forward(inputs);
            sums.Add(_crossEntropy.Forward(logits, labels), logits, labels);
        }

        return sums.Score;
    }

    private struct Sums
    {
        private double _loss;
        private int _right, _count;

        public readonly Score Score => new(_loss / _count, (double)_right / _count);

        public void Add(Tensor meanLoss, Tensor logits, IndexTensor labels)
        {
            var chosen = logits.ArgMax(axis: 1).ToArray();
            var expected = labels.ToArray();
            for (int i = 0; i < expected.Length; i++)
            {
                _right += chosen[i] == expected[i] ? 1 : 0;
            }

            _loss += meanLoss.Item() * (double)expected.Length;
            _count += expected.Length;
        }
    }
}
