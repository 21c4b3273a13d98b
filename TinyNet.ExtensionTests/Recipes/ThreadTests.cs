using System.Collections.Concurrent;
using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

namespace TinyNet.ExtensionTests;

/// <summary>What the page of recipes says of threads, tried with more threads than there are cores.</summary>
public class ThreadTests
{
    private const int Threads = 8;

    private static Dataset<ClassificationBatch> Data => Digits.LoadAll().Subset("part", [.. Enumerable.Range(0, 256)]);

    [Fact]
    public void One_model_answers_several_threads()
    {
        var data = Data;
        var first = Build(new RandomStream(1));
        float[][] expected = [.. Enumerable.Range(0, 256).Select(i => first.Predict(data.Load(i).Features).ToArray())];
        for (int round = 0; round < 4; round++)
        {
            var model = Build(new RandomStream(1));          // which nobody has used before
            // <recipes>
            model.Evaluate();                                // before the threads: the mode is for one thread at a time
            var answers = new float[256][];
            Parallel.For(0, 256, i => answers[i] = model.Predict(data.Load(i).Features).ToArray());
            // </recipes>
            Assert.Equal(expected, answers);
        }
    }

    [Fact]
    public void A_recurrent_model_and_an_attention_answer_several_threads()
    {
        var random = new RandomStream(1);
        var (lstm, letters) = BuildSequenceModels();
        var inputs = Enumerable.Range(0, 64).Select(i => random.Normal([3, 4 + i % 9, 8])).ToArray();
        float[][] expected = [.. inputs.Select(input => lstm.Predict(input).ToArray())];
        int[][] texts = [.. Enumerable.Range(0, 64).Select(i => letters.Generate([i % 20], 20, new RandomStream((ulong)i)))];

        (lstm, letters) = BuildSequenceModels();             // which nobody has used before
        InThreads(thread =>
        {
            for (int i = thread; i < 64; i += 2)
            {
                Assert.Equal(expected[i], lstm.Predict(inputs[i]).ToArray());
                Assert.Equal(texts[i], letters.Generate([i % 20], 20, new RandomStream((ulong)i)));
            }
        });
    }

    [Fact]
    public void Trainings_side_by_side_are_as_if_alone()
    {
        var data = Data;
        float[][] expected = [.. Enumerable.Range(0, Threads).Select(seed => Train(data, (ulong)seed))];
        // <recipes>
        var weights = new float[Threads][];
        Parallel.For(0, Threads, seed => weights[seed] = Train(data, (ulong)seed));
        // </recipes>
        Assert.Equal(expected, weights);
    }

    // <recipes>
    private static float[] Train(Dataset<ClassificationBatch> data, ulong seed)
    {
        var random = new RandomStream(seed);                 // its own, for its weights and its dropout
        var model = new Sequential(
            new Flatten(), new Dense(64, 16, random: random), new ReLU(), new Dropout(0.2f, random),
            new Dense(16, 10, random: random));
        using var loader = new DataLoader(data, batchSize: 32, shuffle: true, seed: seed);     // the dataset is shared
        new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-2f), new CrossEntropy()).Fit(loader, epochs: 3);
        return model.Parameters()[0].ToArray();
    }
    // </recipes>

    [Fact]
    public void Threads_add_to_the_gradients_of_one_model()
    {
        var data = Data;
        var model = Build(new RandomStream(1));
        var optimizer = new SGD(model.Parameters(), learningRate: 0);
        var crossEntropy = new CrossEntropy();
        float[] expected = [.. Enumerable.Range(0, Threads).Select(part => Gradient(model, data.Load(Part(part)))).Aggregate(
            (sum, gradient) => [.. sum.Zip(gradient, (a, b) => a + b)])];
        model.ClearGradients();

        for (int round = 0; round < 50; round++)
        {
            // <recipes>
            var backward = new Lock();
            Parallel.For(0, Threads, part =>
            {
                using var tape = Tape.Record();              // a tape for each thread
                var (images, labels) = data.Load(Part(part));
                var loss = crossEntropy.Forward(model.Forward(images), labels) / Threads;
                lock (backward)
                {
                    tape.Backward(loss);
                }
            });
            optimizer.Step();                                // after all of them
            // </recipes>
            float[] gradient = model.Parameters()[0].Gradient!.ToArray();
            Assert.All(gradient.Zip(expected), pair => Assert.Equal(pair.Second / Threads, pair.First, 1e-4));
        }
    }

    [Fact]
    public void Without_a_lock_a_pass_is_complete_or_refused()
    {
        var data = Data;
        var model = Build(new RandomStream(1));
        float[] whole = Gradient(model, data.Load(Part(0)));
        for (int round = 0; round < 50; round++)
        {
            model.ClearGradients();
            int passes = 0;
            InThreads(_ =>
            {
                using var tape = Tape.Record();
                var (images, labels) = data.Load(Part(0));
                var loss = new CrossEntropy().Forward(model.Forward(images), labels);
                try
                {
                    tape.Backward(loss);
                    Interlocked.Increment(ref passes);
                }
                catch (TensorException refused)
                {
                    Assert.Contains("another thread", refused.Message, StringComparison.Ordinal);
                }
            });
            float[] gradient = model.Parameters()[0].Gradient!.ToArray();
            Assert.InRange(passes, 1, Threads);
            Assert.All(gradient.Zip(whole), pair => Assert.Equal(passes * pair.Second, pair.First, 1e-3));
        }
    }

    [Fact]
    public void What_a_scope_made_is_refused_elsewhere_and_a_kept_copy_is_not()
    {
        using var scope = Tape.NoRecord();
        var made = Tensor.Ones([2]) + 1;
        var kept = made.Keep();
        InThreads(_ =>
        {
            Assert.Throws<LifetimeException>(() => made.ToArray());
            Assert.Equal([2, 2], kept.ToArray());
        });
    }

    [Fact]
    public void A_stream_gives_no_number_twice()
    {
        var random = new RandomStream(1);
        var drawn = new ConcurrentBag<float>();
        InThreads(_ =>
        {
            for (int i = 0; i < 2000; i++)
            {
                drawn.Add(random.Uniform());
            }
        });
        var alone = new RandomStream(1);
        Assert.Equal(Enumerable.Range(0, Threads * 2000).Select(_ => alone.Uniform()).Order(), drawn.Order());
    }

    [Fact]
    public void Loaders_share_a_dataset_and_its_transforms()
    {
        var data = Data.Transform(seed: 1, new RandomAffine(degrees: 10, shift: 0.1f));
        float[][] expected = Read(data);
        InThreads(_ => Assert.Equal(expected, Read(data)));
    }

    private static float[][] Read(Dataset<ClassificationBatch> data)
    {
        using var loader = new DataLoader(data, batchSize: 16, shuffle: true, seed: 3, prefetch: 2);
        return [.. Enumerable.Range(0, 3).SelectMany(_ => loader.Select(batch => batch.Features.ToArray()))];
    }

    private static Sequential Build(RandomStream random) => new(
        new Conv2d(1, 4, kernelSize: 3, padding: 1, random: random), new BatchNorm2d(4), new ReLU(), new MaxPool2d(2), new Flatten(),
        new Dense(64, 10, random: random));

    private static (Module<Tensor, Tensor> Lstm, LetterModel Letters) BuildSequenceModels()
    {
        var random = new RandomStream(1);
        var lstm = new LSTM(8, 16, layers: 2, bidirectional: true, random: random).LastStep();
        var letters = new LetterModel(20, places: 40, features: 16, random);
        lstm.Evaluate();
        letters.Evaluate();
        return (lstm, letters);
    }

    private static int[] Part(int part) => [.. Enumerable.Range(part * 32, 32)];

    private static float[] Gradient(Sequential model, ClassificationBatch batch)
    {
        model.ClearGradients();
        model.Evaluate();
        using var tape = Tape.Record();
        tape.Backward(new CrossEntropy().Forward(model.Forward(batch.Features), batch.Labels));
        return model.Parameters()[0].Gradient!.ToArray();
    }

    private static void InThreads(Action<int> action)
    {
        using var start = new Barrier(Threads);
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                action(thread);
            }
            catch (Exception failure)
            {
                failures.Enqueue(failure);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Empty(failures);
    }
}
