namespace TinyNet.Images;

/// <summary>How an image comes to a size of another shape.</summary>
public enum ImageFit
{
    /// <summary>
    /// The largest part from its center that has the shape of the size is resized: nothing is distorted, and what is beyond the longer
    /// sides is lost. That is, the shorter side is resized and the center cropped.
    /// </summary>
    Crop,

    /// <summary>The whole image is resized: nothing is lost, and it is distorted.</summary>
    Stretch,
}
