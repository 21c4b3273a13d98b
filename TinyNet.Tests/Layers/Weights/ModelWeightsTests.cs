using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>Saving and loading a model: what fits, what does not, what is shared.</summary>
public sealed class ModelWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.At("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_comes_back_bit_for_bit_with_its_texts()
    {
        Module<Tensor, Tensor> saved = Net(1), loaded = Net(2);
        saved.Forward(Tensor.Normal([4, 2, 5, 5], new RandomStream(1)));
        saved.Save(Path, new Dictionary<string, string> { ["name"] = "net", ["options"] = "--wide" });
        var result = loaded.Load(Path);

        Assert.Equal(Values(saved), Values(loaded));
        Assert.Equal("--wide", result.Metadata["options"]);
        Assert.Equal(
            ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked", "3.weight", "3.bias"],
            result.Loaded);
        Assert.Empty(result.Missing.Concat(result.Unexpected));
    }

    [Fact]
    public void Shapes_in_files_are_those_of_PyTorch()
    {
        Net(1).Save(Path);
        using var file = SafetensorsFile.Open(Path);
        Assert.Equal(["0.weight: F32 [4, 2, 3, 3]", "3.weight: F32 [3, 36]"],
            file.Entries.Where(entry => entry.Shape.Count > 1).Select(entry => entry.ToString()));
    }

    [Fact]
    public void A_model_may_be_on_any_device()
    {
        Module<Tensor, Tensor> saved = Net(1), loaded = Net(2), back = Net(3);
        saved.Save(Path);
        loaded.To(Device.Reference);
        loaded.Load(Path);
        Assert.All(loaded.Parameters(), parameter => Assert.Equal(Device.Reference, parameter.Device));
        loaded.Save(_folder.At("back"));
        back.Load(_folder.At("back"));
        Assert.Equal(Values(saved), Values(back));
        Assert.Equal(File.ReadAllBytes(Path), File.ReadAllBytes(_folder.At("back")));
    }

    [Fact]
    public void All_that_does_not_fit_is_in_one_message_and_nothing_is_written()
    {
        new Sequential(new Dense(2, 3, bias: false), new ReLU(), new Dense(3, 4), new PReLU()).Save(Path);
        var model = new Sequential(new Dense(2, 3), new ReLU(), new Dense(3, 5));
        float[][] before = Values(model);
        var exception = Refusal.Of<WeightMismatchException>(
            () => model.Load(Path),
            $"Load: '{Path}' does not fit the model", "1 missing: 0.bias", "1 unexpected: 3.weight",
            "2 of another shape (axes as in files): 2.weight: [4, 3], the model has [5, 3]; 2.bias: [4], the model has [5]");

        Assert.Equal(["0.bias"], exception.Missing);
        Assert.Equal(["3.weight"], exception.Unexpected);
        Assert.Equal(2, exception.OtherShapes.Count);
        Assert.Equal(before, Values(model));
        Assert.Throws<WeightMismatchException>(() => model.Load(Path, strict: false));
        Assert.Equal(before, Values(model));
    }

    [Fact]
    public void Long_lists_are_cut_in_the_message_only()
    {
        SafetensorsFile.Write(Path, Enumerable.Range(0, 100).Select(i => KeyValuePair.Create($"x{i}", Tensor.Ones([1]))));
        var exception = Refusal.Of<WeightMismatchException>(() => new Dense(1, 1).Load(Path), "100 unexpected: x0; x1", "x19; …");
        Assert.Equal(100, exception.Unexpected.Count);
    }

    /// <summary>Numbers of a file that was cut off after it was opened, for one.</summary>
    [Fact]
    public void A_file_that_cannot_be_read_leaves_the_model_as_it_was()
    {
        Net(1).Save(Path);
        byte[] bytes = File.ReadAllBytes(Path);
        File.WriteAllBytes(Path, bytes[..^1]);
        var model = Net(2);
        float[][] before = Values(model);
        var refusal = Refusal.Of<DataFormatException>(() => model.Load(Path), Path, "expected bytes ");
        Assert.Equal("tensor '3.bias'", refusal.Place);
        Assert.Throws<FileNotFoundException>(() => model.Load(_folder.At("none")));
        Assert.Equal(before, Values(model));
    }

    [Fact]
    public void Part_of_a_model_is_loaded_under_other_names()
    {
        var pretrained = new Sequential(new Dense(2, 3), new Dense(3, 4));
        pretrained.Save(Path);
        var model = new Sequential(new Dense(2, 3), new Dense(3, 5));
        var head = model[1].Parameters().Select(parameter => parameter.ToArray()).ToArray();
        var result = model.Load(Path, strict: false, rename: name => name.StartsWith("1.", StringComparison.Ordinal) ? null : name);

        Assert.Equal(["0.weight", "0.bias"], result.Loaded);
        Assert.Equal(["1.weight", "1.bias"], result.Missing);
        Assert.Empty(result.Unexpected);
        Assert.Equal(Values(pretrained[0]), Values(model[0]));
        Assert.Equal(head, Values(model[1]));

        // One module of a model is a model, too: strict is strict about what is left.
        var features = new Dense(3, 4);
        features.Load(Path, rename: name => name.StartsWith("1.", StringComparison.Ordinal) ? name[2..] : null);
        Assert.Equal(Values(pretrained[1]), Values(features));
    }

    /// <summary>What the message says is what is done.</summary>
    [Fact]
    public void What_has_another_shape_is_left_out_as_the_message_says()
    {
        new Sequential(new Dense(2, 3), new Dense(3, 4)).Save(Path);
        var model = new Sequential(new Dense(2, 3), new Dense(3, 5));
        foreach (bool strict in (bool[])[true, false])
        {
            var exception = Refusal.Of<WeightMismatchException>(
                () => model.Load(Path, strict),
                "strict: false, rename: name => name.StartsWith(\"1.\") ? null : name");
            Assert.DoesNotContain("load a part", exception.Message, StringComparison.Ordinal);
        }

        model.Load(Path, strict: false, rename: name => name.StartsWith("1.", StringComparison.Ordinal) ? null : name);
        Refusal.Of<WeightMismatchException>(() => new Own().Load(Path, strict: false), "rename what has other names");
        new Dense(2, 3).Save(Path);
        Refusal.Of<WeightMismatchException>(() => new Dense(2, 4).Load(Path), "name => name == \"weight\" ? null : name");
        Refusal.Of<WeightMismatchException>(() => new Dense(2, 3, bias: false).Load(Path), "or load a part with strict: false");
    }

    [Fact]
    public void A_prefix_of_all_names_is_told_and_renamed()
    {
        new Sequential(new Sequential(new Dense(2, 3))).Save(Path);
        var model = new Sequential(new Dense(2, 3));
        Refusal.Of<WeightMismatchException>(() => model.Load(Path), "2 unexpected", "give rename: name => name[\"0.\".Length..]");
        Refusal.Of<WeightMismatchException>(() => model.Load(Path, strict: false), "unexpected: 0.0.weight");
        model.Load(Path, rename: name => name["0.".Length..]);
    }

    [Fact]
    public void Two_names_do_not_become_one()
    {
        new Dense(2, 3).Save(Path);
        Refusal.Of<ArgumentException>(
            () => new Dense(2, 3).Load(Path, rename: _ => "weight"), "'weight' and 'bias' are both given the name 'weight'");
    }

    /// <summary>PyTorch's state_dict has a shared module under each of its names.</summary>
    [Fact]
    public void A_shared_module_has_all_its_names_in_the_file()
    {
        var shared = new Dense(2, 2, bias: false);
        var model = new Sequential(shared, new ReLU(), shared);
        model.Save(Path);
        using (var file = SafetensorsFile.Open(Path))
        {
            Assert.Equal(["0.weight", "2.weight"], file.Entries.Select(entry => entry.Name));
        }

        var again = new Dense(2, 2, bias: false);
        Assert.Equal(["0.weight"], new Sequential(again, new ReLU(), again).Load(Path).Loaded);
        Assert.Equal(shared.Weight.ToArray(), again.Weight.ToArray());

        // One of the names is enough, and two modules may be given the same numbers.
        Assert.Equal(["0.weight"], model.Load(Path, rename: name => name == "2.weight" ? name : null).Loaded);
        new Sequential(new Dense(2, 2, bias: false), new ReLU(), new Dense(2, 2, bias: false)).Load(Path);
    }

    [Fact]
    public void A_shared_module_takes_no_two_kinds_of_numbers()
    {
        var different = new Sequential(new Dense(2, 2, bias: false), new ReLU(), new Dense(2, 2, bias: false));
        different.Save(Path);
        var shared = new Dense(2, 2, bias: false);
        var model = new Sequential(shared, new ReLU(), shared);
        Refusal.Of<TensorException>(() => model.Load(Path), "'0.weight' and '2.weight' differ");
        Refusal.Of<TensorException>(() => model.CopyFrom(different), "differ");
        Refusal.Of<TensorException>(() => model.Restore(different.Snapshot()), "differ");
    }

    [Fact]
    public void Frozen_parameters_are_saved_and_loaded_and_stay_frozen()
    {
        Module<Tensor, Tensor> saved = Net(1), loaded = Net(2);
        saved.Freeze();
        loaded.Freeze();
        saved.Save(Path);
        loaded.Load(Path);
        Assert.Equal(Values(saved), Values(loaded));
        Assert.All(loaded.Parameters(), parameter => Assert.True(parameter.IsFrozen));
    }

    [Fact]
    public void What_is_registered_is_saved_with_the_axes_that_it_was_registered_with()
    {
        var model = new Own();
        model.Save(Path);
        using var file = SafetensorsFile.Open(Path);
        Assert.Equal(
            ["turned: F32 [4, 2, 3]", "straight: F32 [2, 3]", "table: F32 [2]"], file.Entries.Select(entry => entry.ToString()));
        Assert.Equal([0f, 4, 8, 12, 16, 20, 1], file.Read("turned").ToArray()[..7]);
        var other = new Own();
        other.Parameters()[0].Fill(0);
        other.Load(Path);
        Assert.Equal(model.Parameters()[0].ToArray(), other.Parameters()[0].ToArray());
    }

    [Fact]
    public void An_order_of_axes_that_is_none_is_refused() => Assert.Throws<ShapeException>(() => new Wrong());

    /// <summary>What a packed weight or a rule has kept of the old numbers is not used.</summary>
    [Fact]
    public void Loading_is_a_change_in_place()
    {
        var x = Tensor.Normal([300, 64], new RandomStream(1));
        Dense saved = new(64, 64), loaded = new(64, 64);
        saved.Save(Path);
        using (Tape.NoRecord())
        {
            loaded.Forward(x);
            loaded.Load(Path);
            Assert.Equal(saved.Forward(x).ToArray(), loaded.Forward(x).ToArray());
        }

        using var tape = Tape.Record();
        var hidden = loaded.Forward(x);
        var loss = loaded.Forward(hidden).Sum();
        loaded.Load(Path);
        Assert.ThrowsAny<TensorException>(() => tape.Backward(loss));
    }

    [Fact]
    public void An_optimizer_goes_on_with_the_loaded_parameters()
    {
        var saved = new Dense(2, 1, bias: false);
        saved.Weight.Fill(5);
        saved.Save(Path);
        var model = new Dense(2, 1, bias: false);
        var optimizer = new SGD(model.Parameters(), learningRate: 1f);
        model.Load(Path);
        using var tape = Tape.Record();
        tape.Backward(model.Forward(Tensor.Ones([1, 2])).Sum());
        optimizer.Step();
        Assert.Equal([4f, 4f], model.Weight.ToArray());
    }

    [Fact]
    public void What_has_nothing_to_save_is_saved_and_loaded()
    {
        new ReLU().Save(Path);
        Assert.Empty(new ReLU().Load(Path).Loaded);
        Refusal.Of<WeightMismatchException>(() => new Dense(1, 1).Load(Path, strict: false), "2 missing: weight; bias");
    }

    /// <summary>Nothing in a damaged file harms a model: it is loaded or stays.</summary>
    [Fact]
    public void A_damaged_file_is_loaded_whole_or_not_at_all()
    {
        new Dense(3, 4).Save(Path);
        byte[] whole = File.ReadAllBytes(Path);
        var random = new Random(5);
        var model = new Dense(3, 4);
        for (int i = 0; i < 500; i++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(Path, damaged);
            model.Weight.Fill(7);
            try
            {
                model.Load(Path);
            }
            catch (Exception exception) when (exception is DataFormatException or WeightMismatchException)
            {
                Assert.Equal(Enumerable.Repeat(7f, 12), model.Weight.ToArray());
            }
        }
    }

    private static Sequential Net(ulong seed)
    {
        var random = new RandomStream(seed);
        return new Sequential(
            new Conv2d(2, 4, 3, random: random), new BatchNorm2d(4), new Flatten(), new Dense(36, 3, random: random));
    }

    private static float[][] Values(Module model) =>
        [
            .. model.Parameters().Select(parameter => parameter.ToArray()),
            .. model.NamedBuffers().Select(named => named.Buffer.ToArray()),
        ];

    private sealed class Own : Module<Tensor, Tensor>
    {
        public Own()
        {
            AddParameter("turned", Tensor.From([.. Enumerable.Range(0, 24).Select(i => (float)i)], [2, 3, 4]), fileAxes: [2, 0, 1]);
            AddParameter("straight", Tensor.Zeros([2, 3]));
            AddBuffer("table", Tensor.Zeros([2]));
            Unregistered = Tensor.Ones([3]);
        }

        public Tensor Unregistered { get; }

        protected override Tensor ForwardCore(Tensor input) => input;
    }

    private sealed class Wrong : Module<Tensor, Tensor>
    {
        public Wrong() => AddParameter("wrong", Tensor.Zeros([2, 3]), fileAxes: [1, 1]);

        protected override Tensor ForwardCore(Tensor input) => input;
    }
}
