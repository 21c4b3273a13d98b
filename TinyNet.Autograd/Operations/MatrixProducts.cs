using TinyNet.Core;

namespace TinyNet.Autograd;

/// <summary>Differentiable matrix products.</summary>
public static partial class MatrixProducts
{
    extension(Tensor a)
    {
        /// <summary>
        /// The matrix product over the last two axes; leading axes broadcast. A vector (rank 1) on the left counts as a row, on
        /// the right as a column, and its axis is removed again; two vectors give a scalar.
        /// </summary>
        /// <exception cref="ShapeException">The inner sizes differ, an operand is a scalar, or leading axes do not broadcast.</exception>
        public Tensor MatMul(Tensor b)
        {
            Operation.Check("MatMul", a, b);
            if (a.Rank == 0 || b.Rank == 0 || a.Shape[-1] != b.Shape[b.Rank == 1 ? -1 : -2])
            {
                throw new ShapeException("MatMul", $"{a.Shape} times {b.Shape}",
                    "the last size of the left operand must be the last but one of the right (its only one, for a vector)");
            }

            if (a.Rank == 1)
            {
                return a.Unsqueeze(0).MatMul(b).Squeeze(b.Rank == 1 ? 0 : -2);
            }

            if (b.Rank == 1)
            {
                return a.MatMul(b.Unsqueeze(1)).Squeeze(-1);
            }

            if (b.Rank == 2 && a.Rank > 2)
            {
                // One matrix for all: the leading axes are just more rows.
                Span<int> sizes = stackalloc int[a.Rank];
                a.Shape.Sizes.CopyTo(sizes);
                sizes[^1] = b.Shape[1];
                return Product("MatMul", a.Reshape(Rows(a.Shape), a.Shape[-1]), b, bias: null, default(IdentityOp)).Reshape(sizes);
            }

            if (a.Shape.Sizes[..^2].SequenceEqual(b.Shape.Sizes[..^2]))
            {
                return Product("MatMul", a, b, bias: null, default(IdentityOp));
            }

            var batch = Shape.Broadcast(new Shape(a.Shape.Sizes[..^2]), new Shape(b.Shape.Sizes[..^2]), "MatMul");
            return Product("MatMul", ExpandBatch(a, batch), ExpandBatch(b, batch), bias: null, default(IdentityOp));
        }

        /// <summary>x · W + bias for x [.., in], W [in, out] and bias [out].</summary>
        /// <exception cref="ShapeException">Sizes do not fit.</exception>
        public Tensor Linear(Tensor weight, Tensor? bias = null) => a.Linear(weight, bias, default(IdentityOp));

        /// <summary>
        /// f(x · W + bias) as one operation, with the same bits as two. For training, the derivative of f must not read its
        /// input, which is not kept.
        /// </summary>
        /// <exception cref="ShapeException">Sizes do not fit.</exception>
        internal Tensor Linear<TOp>(Tensor weight, Tensor? bias, TOp op) where TOp : struct, IUnaryOp
        {
            Operation.Check("Linear", a, weight);
            if (a.Rank == 0 || weight.Rank != 2 || a.Shape[-1] != weight.Shape[0])
            {
                throw new ShapeException("Linear", $"an input of shape {a.Shape} for a weight of shape {weight.Shape}",
                    "the last size of the input must be the first of the weight [in, out]");
            }

            if (bias is not null)
            {
                Operation.Check("Linear", a, bias);
                if (bias.Rank != 1 || bias.Shape[0] != weight.Shape[1])
                {
                    throw new ShapeException("Linear", $"a bias of shape {bias.Shape} for a weight of shape {weight.Shape}",
                        "the bias needs the weight's last size");
                }
            }

            if (a.Rank == 2)
            {
                return Product("Linear", a, weight, bias, op);
            }

            Span<int> sizes = stackalloc int[a.Rank];
            a.Shape.Sizes.CopyTo(sizes);
            sizes[^1] = weight.Shape[1];
            return Product("Linear", a.Reshape(Rows(a.Shape), a.Shape[-1]), weight, bias, op).Reshape(sizes);
        }

        /// <summary>The outer product aᵢ · bⱼ of two vectors.</summary>
        /// <exception cref="ShapeException">An operand is no vector.</exception>
        public Tensor Outer(Tensor b)
        {
            Operation.Check("Outer", a, b);
            return a.Rank == 1 && b.Rank == 1
                ? a.Unsqueeze(1) * b.Unsqueeze(0)
                : throw new ShapeException("Outer", $"{a.Shape} and {b.Shape}", "both must be vectors");
        }
    }

    private static int Rows(in Shape shape)
    {
        int rows = 1;
        foreach (int size in shape.Sizes[..^1])
        {
            rows *= size;
        }

        return rows;
    }

    private static Tensor ExpandBatch(Tensor x, in Shape batch)
    {
        Span<int> sizes = stackalloc int[batch.Rank + 2];
        batch.Sizes.CopyTo(sizes);
        x.Shape.Sizes[^2..].CopyTo(sizes[^2..]);
        return x.Expand(sizes);
    }

    /// <summary>f(a [.., M, K] · b [.., K, N] + bias [N]) with equal leading axes.</summary>
    private static Tensor Product<TOp>(string name, Tensor a, Tensor b, Tensor? bias, TOp op) where TOp : struct, IUnaryOp
    {
        var y = Tensor.Result(name, a.Shape.With(-1, b.Shape[-1]), a.Device);
        a.Device.MatrixProduct(a, b, bias, accumulate: false, y);
        Operation.CountMultiplyAdds((long)y.Length * a.Shape[-1]);
        if (typeof(TOp) != typeof(IdentityOp))
        {
            a.Device.Map(op, y, y);
        }

        if (Tape.Records(a, b, bias))
        {
            var node = Node<ActivatedRule<ProductRule, TOp>>.Rent();
            node.Rule.Operation.Set(node, a, b, bias);
            node.Rule.Set(node, op, y);
            Tape.Push(node, y);
        }

        Tape.CheckResult(y);
        return y;
    }

    /// <summary>With G the gradient: ∂L/∂A = G Bᵀ, ∂L/∂B = Aᵀ G, ∂L/∂bias = the sum of the rows of G.</summary>
    private struct ProductRule : IGradientRule
    {
        private Edge _a, _b, _bias;
        private Saved _savedA, _savedB;

        public void Set(Node node, Tensor a, Tensor b, Tensor? bias)
        {
            (_a, _b, _bias) = (new Edge(a), new Edge(b), new Edge(bias));
            _savedB = node.Save(b, when: _a.IsNeeded);
            _savedA = node.Save(a, when: _b.IsNeeded);
        }

        public readonly void Backward(Node node, Tensor gradient)
        {
            if (_a.BeginIfNeeded() is { } toA)
            {
                node.Device.MatrixProduct(gradient, Transposed(_savedB.Get(node)), bias: null, accumulate: false, toA);
                _a.End(toA);
            }

            if (_b.BeginIfNeeded() is { } toB)
            {
                node.Device.MatrixProduct(Transposed(_savedA.Get(node)), gradient, bias: null, accumulate: false, toB);
                _b.End(toB);
            }

            _bias.PassBroadcast(gradient);
        }

        private static Tensor Transposed(Tensor x) => x.View(x.Layout.Transpose(x.Rank - 2, x.Rank - 1), x.Origin);
    }
}
