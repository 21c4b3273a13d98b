using TinyNet.Core;

namespace TinyNet.Data;

/// <summary>CIFAR-100: 50,000 color images of 32 × 32 pixels of 100 classes in 20 groups for training, and 10,000 for the test.</summary>
/// <remarks>
/// A. Krizhevsky (2009), Learning multiple layers of features from tiny images,
/// <see href="https://www.cs.toronto.edu/~kriz/cifar.html"/>. It is read from the official binary version, the files loose or in their
/// archive.
/// </remarks>
public static class Cifar100
{
    private const string Archive = "cifar-100-binary.tar.gz";

    private static readonly CifarFiles Files = new(
        "cifar100",
        new DataPlaces("CIFAR-100", ["cifar-100-binary", "cifar-100", "cifar100", "CIFAR100"], systemFolder: null,
            $"the files train.bin and test.bin, or {Archive} (the binary version)", $"https://www.cs.toronto.edu/~kriz/{Archive}"),
        Archive, ["train.bin"], "test.bin", recordsPerFile: 50_000, labels: 2);

    private static readonly string[] Groups =
    [
        "aquatic_mammals", "fish", "flowers", "food_containers", "fruit_and_vegetables", "household_electrical_devices",
        "household_furniture", "insects", "large_carnivores", "large_man-made_outdoor_things", "large_natural_outdoor_scenes",
        "large_omnivores_and_herbivores", "medium_mammals", "non-insect_invertebrates", "people", "reptiles", "small_mammals", "trees",
        "vehicles_1", "vehicles_2",
    ];

    private static readonly string[] Classes =
    [
        "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle",
        "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle",
        "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur",
        "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard",
        "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain",
        "mouse", "mushroom", "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree",
        "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road", "rocket",
        "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider",
        "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank", "telephone", "television", "tiger", "tractor",
        "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
    ];

    /// <summary>
    /// The images for training and those for the test, shape [3, 32, 32] (red, green, blue), from 0 to 1. The test should choose nothing:
    /// split a validation part off the others (<see cref="Dataset{TBatch}.Split"/>).
    /// </summary>
    /// <param name="folder">
    /// The folder with the files or the archive, or the one above it with a folder cifar-100-binary or cifar100; null for that in the
    /// environment variable TINYNET_DATA. The files may be a part of the official ones: up to 50,000 and 10,000 images.
    /// </param>
    /// <param name="groups">Whether the classes are the 20 groups, the publisher's coarse labels, instead of the 100.</param>
    /// <exception cref="DataNotFoundException">The files are not there; the message says which, where, and who has them.</exception>
    /// <exception cref="DataFormatException">A file is truncated, damaged, too long, or not what its name says.</exception>
    public static (ImageDataset Train, ImageDataset Test) Load(string? folder = null, bool groups = false) =>
        groups ? Files.Load(folder, label: 0, Groups) : Files.Load(folder, label: 1, Classes);
}
