using TinyNet.Core;
using TinyNet.Data;

namespace TinyNet.ExtensionTests;

// <data>
/// <summary>Adds normally distributed numbers.</summary>
public sealed class Noise(float deviation) : Transform
{
    public override void Apply(ImageSpan image, RandomStream random)
    {
        foreach (ref float value in image.Values)
        {
            value += random.Normal(0, deviation);
        }
    }
}
// </data>
