using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>
/// The rule of an operation that ran together with an element-wise f on its result: the derivative of f first, then the rule of the
/// operation. The input of f is not kept, so its derivative must not read it.
/// </summary>
internal struct ActivatedRule<TRule, TOp> : IGradientRule where TRule : struct, IGradientRule where TOp : struct, IUnaryOp
{
    /// <summary>The rule of the operation alone.</summary>
    public TRule Operation;

    private TOp _op;
    private Saved _output;

    private static bool IsIdentity => typeof(TOp) == typeof(IdentityOp);

    private static bool ReadsOutput => !IsIdentity && (TOp.DerivativeReads & Operands.Output) != 0;

    public void Set(Node node, TOp op, Tensor y)
    {
        _op = op;
        _output = node.Save(y, when: ReadsOutput);
    }

    public readonly void Backward(Node node, Tensor gradient)
    {
        if (IsIdentity)
        {
            Operation.Backward(node, gradient);
            return;
        }

        var before = node.NewResult();
        node.Device.Map(new GradientFromOneMap<TOp>(_op), ReadsOutput ? _output.Get(node) : gradient, gradient, before);
        Operation.Backward(node, before);
        Node.Drop(before);
    }
}
