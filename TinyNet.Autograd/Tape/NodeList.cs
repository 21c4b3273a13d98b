namespace TinyNet.Autograd;

/// <summary>The nodes of one step in the order of its operations. A thread uses its list again from step to step.</summary>
internal sealed class NodeList
{
    private Node[] _nodes = new Node[64];

    public int Count { get; private set; }

    /// <summary>Parameters with hooks, whose gradients of this pass are being collected.</summary>
    public List<Node> HookedLeaves { get; } = [];

    /// <summary>Parameters whose gradient the running walk has changed.</summary>
    public List<Parameter> Reached { get; } = [];

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
    /// Ends a walk. Where it has thrown, its gradients and what was collected for hooks are forgotten: the next walk would add to them.
    /// </summary>
    public void EndWalk(bool isComplete)
    {
        Running = null;
        if (!isComplete)
        {
            Reached.ForEach(static parameter => parameter.ClearGradient());
        }

        Reached.Clear();
        foreach (var leaf in HookedLeaves)
        {
            leaf.TakeGradient();
        }

        HookedLeaves.Clear();
        foreach (var parameter in Claimed)
        {
            parameter.Unclaim();
        }

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
