namespace TinyNet.Autograd;

/// <summary>The nodes of one step in the order of its operations. A thread uses its list again from step to step.</summary>
internal sealed class NodeList
{
    private Node[] _nodes = new Node[64];

    public int Count { get; private set; }

    /// <summary>Parameters for which the running walk collects its sum.</summary>
    public List<Parameter.Collected> Collected { get; } = [];

    /// <summary>Parameters into whose gradient the running walk writes.</summary>
    public List<Parameter.LeafNode> Written { get; } = [];

    /// <summary>Parameters that the running walk has for itself.</summary>
    public List<Parameter> Claimed { get; } = [];

    /// <summary>The node whose rule is running, for messages.</summary>
    public Node? Running { get; set; }

    public Node this[int index] => _nodes[index];

    public void Add(Node node)
    {
        if (Count == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * Count);
        }

        _nodes[Count++] = node;
    }

    /// <summary>
    /// Ends a walk. Where it has thrown, what it has written and collected is forgotten, and gradients that it was to add to are as before.
    /// </summary>
    public void EndWalk(bool isComplete)
    {
        Running = null;
        foreach (var leaf in Written)
        {
            leaf.EndWriting(isComplete);
        }

        foreach (var collected in Collected)
        {
            collected.Leaf.EndCollecting(collected);
        }

        foreach (var parameter in Claimed)
        {
            parameter.Unclaim();
        }

        Written.Clear();
        Collected.Clear();
        Claimed.Clear();
    }

    /// <summary>Recycles all nodes and empties the list.</summary>
    public void Recycle()
    {
        for (int i = 0; i < Count; i++)
        {
            _nodes[i].Recycle();
        }

        Array.Clear(_nodes, 0, Count);
        Count = 0;
    }
}
