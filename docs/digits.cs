// Learns handwritten digits, which are in a package, in some seconds: dotnet run digits.cs
#:package TinyNet.Training@0.1.0
#:property PublishAot=false

using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Data;
using TinyNet.Layers;
using TinyNet.Training;

var (data, test) = Digits.Load();
var (kept, heldOut) = data.Split(0.1);                // test data choose nothing: the best epoch is found by these
using var train = new DataLoader(kept, batchSize: 32, shuffle: true, seed: 1);
using var validation = new DataLoader(heldOut, batchSize: 100);
using var testLoader = new DataLoader(test, batchSize: 100);

var random = new RandomStream(1);
var model = new Sequential(
    new Flatten(),
    new Dense(64, 128, random: random), new ReLU(),
    new Dense(128, 10, random: random));
var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 2e-3f), new CrossEntropy())
{
    Metrics = { new Accuracy() },
    Callbacks = { new ConsoleProgress() },
    Patience = 5,
    KeepBest = true,
};
trainer.Fit(train, validation, epochs: 30);

Console.WriteLine($"test accuracy {trainer.Evaluate(testLoader)["accuracy"]:F4}");
var (images, labels) = test.Load(0, 1, 2);
int[] guesses = model.Predict(images).ArgMax(axis: 1).ToArray();
Console.WriteLine($"{string.Join(", ", labels.ToArray())} are taken for {string.Join(", ", guesses)}");
model.Save("digits.safetensors");
