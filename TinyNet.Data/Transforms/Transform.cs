using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>
/// A change of an image that keeps its shape: the same for every image (<see cref="Normalize"/>), or by random numbers, another one for
/// each image in each epoch (<see cref="RandomCrop"/>). <see cref="DatasetTransforms"/> puts transforms over a dataset.
/// </summary>
/// <remarks>
/// Several threads call it at once, so it must not change itself. What it does may depend on the image, its settings and the random
/// numbers that it is given, and on nothing else: then the data are the same for any number of threads, in every run.
/// </remarks>
/// <example>
/// <code>
/// public sealed class Noise(float deviation) : Transform
/// {
///     public override void Apply(ImageSpan image, RandomStream random)
///     {
///         foreach (ref float value in image.Values)
///         {
///             value += random.Normal(0, deviation);
///         }
///     }
/// }
/// </code>
/// </example>
public abstract class Transform
{
    /// <summary>Whether rows of features [channels] can be changed too.</summary>
    internal virtual bool TakesRows => false;

    /// <summary>The kind and the settings, in one line.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>Changes an image in place.</summary>
    /// <param name="image">The image.</param>
    /// <param name="random">Random numbers for this transform of this image in this epoch; valid until the method returns.</param>
    public abstract void Apply(ImageSpan image, RandomStream random);

    /// <summary>Refuses images of a shape that it cannot change: called once, when it is put over a dataset.</summary>
    /// <param name="channels">The number of channels.</param>
    /// <param name="height">The number of rows.</param>
    /// <param name="width">The number of columns.</param>
    /// <exception cref="ShapeException">It cannot change such images.</exception>
    public virtual void EnsureFits(int channels, int height, int width)
    {
    }
}
