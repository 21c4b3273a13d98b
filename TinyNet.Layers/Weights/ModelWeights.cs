using TinyNet.Autograd;
using TinyNet.Core;

namespace TinyNet.Layers;

/// <summary>
/// Saves and loads the parameters and buffers of a model, and copies them. Files are safetensors with the names, shapes and order of axes
/// of PyTorch's state_dict, so that weights go both ways; gradients, settings and the mode are not in them.
/// </summary>
public static class ModelWeights
{
    /// <summary>The text of a file that is the checkpoint of a run: it has more than weights, under other names.</summary>
    internal const string RunKey = "tinynet.run";

    extension(Module model)
    {
        /// <summary>
        /// Writes all parameters and buffers. A module that the model holds in several places is written under each of its names.
        /// The file is there whole or, where something fails or ends the process, as it was before.
        /// </summary>
        /// <param name="path">The path of the file, which is replaced: <c>model.safetensors</c>.</param>
        /// <param name="metadata">Texts of one's own, which <see cref="LoadedWeights.Metadata"/> gives back; null for none.</param>
        /// <param name="type">
        /// What parameters are written as. Buffers are F32 in any case: they are few, and count or average. F16 and BF16 halve the file,
        /// and round: they are for a model that is trained, not for one whose training goes on.
        /// </param>
        /// <exception cref="IOException">The file could not be written; what was there before is as it was.</exception>
        /// <exception cref="ArgumentException">A text is null, or the texts and names are more than a file holds.</exception>
        /// <exception cref="ArgumentOutOfRangeException">There is no such type.</exception>
        /// <exception cref="TensorException">A number is too large for the type; what was there before is as it was.</exception>
        public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null, FloatType type = FloatType.F32)
        {
            ArgumentNullException.ThrowIfNull(model);
            Require.Defined(type);
            var named = model.State().SelectMany(part => part.Names, (part, name) =>
                new NamedTensor(name, part.InFile(part.Tensor), part.Tensor is Parameter ? type : FloatType.F32));
            SafetensorsFile.Write(path, named, metadata);
        }

        /// <summary>
        /// Overwrites parameters and buffers, frozen ones too, with those of a file, on whatever device they are. All is read and checked
        /// before anything is written. F32, F16, BF16, F64, booleans and integers are read; what is no float becomes the nearest.
        /// </summary>
        /// <param name="path">The path of a safetensors file, of <see cref="Save"/> or from PyTorch.</param>
        /// <param name="strict">
        /// Whether file and model have to have the same names. If not, what only one of them has is left alone; something has to be in
        /// both. Shapes have to be the same in any case.
        /// </param>
        /// <param name="rename">
        /// Gives the name in the model for a name in the file, or null for what is not to be loaded; null if names are the same.
        /// </param>
        /// <returns>What was loaded and what was not, and the texts of the file.</returns>
        /// <exception cref="WeightMismatchException">Names or shapes differ; it lists them.</exception>
        /// <exception cref="TensorException">A module that the model holds in several places has other numbers in each.</exception>
        /// <exception cref="DataFormatException">It is no whole safetensors file.</exception>
        /// <exception cref="IOException">The file is not there or cannot be read.</exception>
        /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
        /// <exception cref="ArgumentException">Two names in the file are given the same name.</exception>
        /// <example>
        /// The features of a trained model into another one, whose head is new:
        /// <code>
        /// model.Load("pretrained.safetensors", strict: false, rename: name => name.StartsWith("head.") ? null : name);
        /// </code>
        /// </example>
        public LoadedWeights Load(string path, bool strict = true, Func<string, string?>? rename = null)
        {
            ArgumentNullException.ThrowIfNull(model);
            using var file = SafetensorsFile.Open(path);
            var sources = new Dictionary<string, StateSource>(StringComparer.Ordinal);
            foreach (var entry in file.Entries)
            {
                if ((rename is null ? entry.Name : rename(entry.Name)) is not { } name)
                {
                    continue;
                }

                if (!sources.TryAdd(name, new StateSource(name, entry.Name, entry.Shape, device => file.Read(entry.Name, device))))
                {
                    throw new ArgumentException(
                        $"'{sources[name].Origin}' and '{entry.Name}' are both given the name '{name}'", nameof(rename));
                }
            }

            var (loaded, missing, unexpected) = StateTransfer.Run(
                "Load", $"'{path}'", model.State(), [.. sources.Values], strict,
                mismatch => file.Metadata.ContainsKey(RunKey)
                    ? $"it is the checkpoint of a run: RunCheckpoint.Open(\"{System.IO.Path.GetFileName(path)}\").LoadInto(model) reads it"
                    : LoadRemedy(mismatch, strict));
            return new LoadedWeights(loaded, missing, unexpected, file.Metadata);
        }

        /// <summary>A copy of all parameters and buffers, which <see cref="Restore"/> puts back.</summary>
        public WeightsSnapshot Snapshot()
        {
            ArgumentNullException.ThrowIfNull(model);
            return new WeightsSnapshot(model.State());
        }

        /// <summary>
        /// Puts back what <see cref="Snapshot"/> copied, from this model or another one with the same names and shapes. Gradients and the
        /// states of an optimizer stay as they are.
        /// </summary>
        /// <exception cref="WeightMismatchException">Names or shapes differ; it lists them.</exception>
        public void Restore(WeightsSnapshot snapshot)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(snapshot);
            StateTransfer.Run(
                "Restore", "the snapshot", model.State(), snapshot.Sources, strict: true,
                _ => "give a snapshot of this model, or of one that is built the same");
        }

        /// <summary>
        /// Overwrites parameters and buffers with those of another model, which has the same names and shapes. The models stay two: what
        /// one learns later, the other does not.
        /// </summary>
        /// <exception cref="WeightMismatchException">Names or shapes differ; it lists them.</exception>
        public void CopyFrom(Module other)
        {
            ArgumentNullException.ThrowIfNull(model);
            ArgumentNullException.ThrowIfNull(other);
            var parts = model.State();
            var own = parts.Select(part => part.Tensor).ToHashSet();
            var sources = other.State().SelectMany(part => part.Names, (part, name) =>
            {
                // What the models share may be overwritten before it is read.
                var tensor = part.InFile(part.Tensor);
                return new StateSource(
                    name, tensor, device => tensor.Device == device && !own.Contains(part.Tensor) ? tensor : tensor.Keep(device));
            });
            StateTransfer.Run(
                "CopyFrom", "the other model", parts, [.. sources], strict: true,
                _ => "build both models the same");
        }
    }

    private static string LoadRemedy(StateMismatch mismatch, bool strict)
    {
        foreach (string name in mismatch.Unexpected)
        {
            if (mismatch.Missing.FirstOrDefault(wanted => name.EndsWith("." + wanted, StringComparison.Ordinal)) is { } wanted)
            {
                string prefix = name[..^wanted.Length];
                return $"names begin with '{prefix}' here: give rename: name => name[\"{prefix}\".Length..], or another function";
            }
        }

        if (mismatch.OtherShapes is [var (other, _), ..])
        {
            // All of its module: half a layer is of no use.
            int module = other.LastIndexOf('.') + 1;
            string isOther = module == 0 ? $"name == \"{other}\"" : $"name.StartsWith(\"{other[..module]}\")";
            return "build the model as it was, or leave out what has another shape: "
                + $"strict: false, rename: name => {isOther} ? null : name";
        }

        return strict
            ? "build the model as it was, rename what has other names, or load a part with strict: false"
            : "build the model as it was, or rename what has other names: none is in both";
    }
}

/// <summary>What was loaded into a model.</summary>
/// <param name="Loaded">The names in the model of what was overwritten.</param>
/// <param name="Missing">The names of what the model has and the file lacks: empty where loading was strict.</param>
/// <param name="Unexpected">The names of what the file has and the model lacks: empty where loading was strict.</param>
/// <param name="Metadata">The texts of the file.</param>
public sealed record LoadedWeights(
    IReadOnlyList<string> Loaded, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected,
    IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>How much was loaded, and what was not.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(LoadedWeights), ("", $"{Loaded.Count} loaded"), ("missing", Missing.Count == 0 ? null : SettingsText.First(Missing)),
        ("unexpected", Unexpected.Count == 0 ? null : SettingsText.First(Unexpected)));
}

/// <summary>A copy of the parameters and buffers of a model, on its device: of the best one so far, for example.</summary>
public sealed class WeightsSnapshot
{
    internal WeightsSnapshot(IReadOnlyList<StatePart> parts) =>
        Sources =
        [
            .. parts.SelectMany(part =>
            {
                var copy = part.InFile(part.Tensor.Keep());
                return part.Names.Select(name => new StateSource(
                    name, copy, device => copy.Device == device ? copy : copy.Keep(device)));
            }),
        ];

    internal IReadOnlyList<StateSource> Sources { get; }

    /// <summary>What it has, in one line.</summary>
    public override string ToString() => SettingsText.Of(
        nameof(WeightsSnapshot), ("", $"{Sources.Count} tensors: {SettingsText.First(Sources.Select(source => source.Name))}"));
}
