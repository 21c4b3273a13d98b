namespace TinyNet.Core;

/// <summary>
/// What is wrong with a use of tensors: names the operation, what it was given, what to do instead and, where it
/// happened inside modules, the path of the innermost one.
/// </summary>
public class TensorException : InvalidOperationException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="operation">The operation that refuses.</param>
    /// <param name="problem">What it was given.</param>
    /// <param name="remedy">What to do instead.</param>
    public TensorException(string operation, string problem, string remedy)
        : base($"{operation}: {problem}; {remedy}.") => Operation = operation;

    /// <summary>The operation that refused.</summary>
    public string Operation { get; }

    /// <summary>The dotted path of the module in which it happened; null outside modules.</summary>
    public string? ModulePath { get; set; }

    /// <inheritdoc/>
    public override string Message => ModulePath is null ? base.Message : $"{base.Message} (in module {ModulePath})";
}

/// <summary>Shapes, axes or sizes that do not fit the operation.</summary>
public class ShapeException(string operation, string problem, string remedy) : TensorException(operation, problem, remedy);

/// <summary>A tensor that is used after its scope or batch ended, on another thread, or after it was overwritten.</summary>
public class LifetimeException(string operation, string problem, string remedy) : TensorException(operation, problem, remedy);
