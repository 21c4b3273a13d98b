using System.CommandLine;
using TinyNet.Analysis;

namespace TinyNet.Examples;

/// <summary>Something to look at closely: a command that makes a page of figures and tables.</summary>
internal abstract class Study
{
    /// <summary>What follows <c>analyze</c> on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What it shows, for <c>--help</c>.</summary>
    public abstract string Description { get; }

    /// <summary>What it looks at, in the order of the command line.</summary>
    public virtual IReadOnlyList<Argument> Arguments => [];

    /// <summary>Its options but that for the page.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>Looks, and makes the page.</summary>
    /// <exception cref="CommandException">It cannot be done as it was asked for.</exception>
    public abstract HtmlPage Make(ParseResult asked);
}
