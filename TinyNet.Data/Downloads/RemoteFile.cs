namespace TinyNet.Data;

/// <summary>A file of a dataset, as its publisher has it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Md5">The publisher's checksum: 32 hexadecimal digits, in lower case.</param>
/// <param name="MostBytes">How many bytes it may have: its length, or a bound where the publisher gives that in round numbers.</param>
internal sealed record RemoteFile(string Name, Uri Address, string Md5, long MostBytes);
