using TinyNet.Autograd;
using TinyNet.Layers;

namespace TinyNet.Training;

/// <summary>Where a training is, for <see cref="Callback"/>s.</summary>
public sealed class TrainingRun
{
    internal TrainingRun(Module model, Optimizer optimizer, History history, int epochs, int batches)
    {
        (Model, Optimizer, History) = (model, optimizer, history);
        (Epochs, Batches) = (epochs, batches);
    }

    /// <summary>The model.</summary>
    public Module Model { get; }

    /// <summary>The optimizer, whose learning rate may be changed where no schedule sets it.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>What was measured so far.</summary>
    public History History { get; }

    /// <summary>After which epoch the training ends.</summary>
    public int Epochs { get; }

    /// <summary>How many batches an epoch has.</summary>
    public int Batches { get; }

    /// <summary>The number of the epoch that is under way or has just ended, from 1.</summary>
    public int Epoch { get; internal set; }

    /// <summary>How many batches of the epoch were trained on.</summary>
    public int Batch { get; internal set; }

    /// <summary>How many steps the optimizer has made in all.</summary>
    public long Step { get; internal set; }

    /// <summary>Whether the optimizer has stepped with the last batch: where several batches make a step, with the last of them.</summary>
    public bool HasStepped { get; internal set; }

    /// <summary>How many samples the last batch had.</summary>
    public int BatchSamples { get; internal set; }

    /// <summary>The loss of the last batch; nan where nothing in it counts.</summary>
    public double BatchLoss { get; internal set; }

    /// <summary>The mean loss of the samples of this epoch so far.</summary>
    public double Loss { get; internal set; }

    /// <summary>Where it is, in one line.</summary>
    public override string ToString() => $"epoch {Epoch} of {Epochs}, batch {Batch} of {Batches}, step {Step}";

    /// <summary>Why it is to end; <see cref="StopReason.None"/> as long as it goes on.</summary>
    internal StopReason StopReason { get; set; }

    /// <summary>Ends the training after this step, or after this epoch where that is over.</summary>
    public void Stop() => StopReason = StopReason == StopReason.None ? StopReason.Requested : StopReason;
}
