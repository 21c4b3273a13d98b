namespace TinyNet.Bench;

/// <summary>What the XML documentation lacks for a page to be made of it.</summary>
internal sealed class DocumentationException(string message) : Exception(message);
