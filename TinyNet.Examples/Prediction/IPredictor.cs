namespace TinyNet.Examples;

/// <summary>An example whose saved model can be asked: <c>predict</c>.</summary>
internal interface IPredictor
{
    /// <summary>What can be asked, for messages: <c>image files</c>.</summary>
    string Inputs { get; }

    /// <summary>One that shows how to ask: <c>image.png</c>.</summary>
    string SampleInput { get; }

    /// <summary>Writes an answer for each input, and what makes answers doubtful as a warning.</summary>
    /// <exception cref="CommandException">An input is no such thing.</exception>
    void Predict(SavedModel saved, IReadOnlyList<string> inputs, TextWriter output, TextWriter warnings);

    /// <summary>Measures the model on the test data, as its training did at the end.</summary>
    /// <exception cref="CommandException">No data are left to test it by.</exception>
    Outcome Test(SavedModel saved);
}
