using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Core;

/// <summary>The operations of two operands.</summary>
internal static partial class ElementwiseOpTable
{
    private static BinaryRow[] Pairs() =>
    [
        new BinaryRow<MultiplyOp>(-3, 3, [(0.5, 2.25, 1.125), (1.75, 0.5, 0.875), (2.5, -1.5, -3.75), (3.0, 3.0, 9.0), (-1.25, 2.0, -2.5)],
            [
                0, NaN, NaN, NaN, 0, 0, 0, NaN, NaN, NaN, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, Inf, -Inf, Inf, -Inf, NaN, NaN,
                -Inf, Inf, -Inf, Inf,
            ]),
        new BinaryRow<DivideOp>(
            0.3, 3,
            [(0.5, 2.25, 0.2222222222222222), (1.75, 0.5, 3.5), (2.5, -1.5, -1.6666666666666667), (3.0, 3.0, 1.0), (-1.25, 2.0, -0.625)],
            [
                NaN, NaN, 0, 0, 0, 0, NaN, NaN, 0, 0, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, Inf, NaN, NaN, NaN, Inf, -Inf, -Inf, NaN, NaN,
                NaN, -Inf, Inf,
            ]),
        new BinaryRow<PowOp>(
            0.3, 3,
            [
                (0.5, 2.25, 0.21022410381342863), (1.75, 0.5, 1.3228756555322954), (2.5, -1.5, 0.25298221281347033), (3.0, 3.0, 27.0),
                (-1.25, 2.0, 1.5625),
            ],
            [
                1.0, NaN, 0, Inf, 0, Inf, 1.0, NaN, 0, Inf, 0, -Inf, 1.0, NaN, NaN, NaN, NaN, NaN, 1.0, NaN, Inf, 0, Inf, 0, 1.0, NaN, Inf,
                0, Inf, 0,
            ]),
        new BinaryRow<MaximumOp>(-3, 3, [(0.5, 2.25, 2.25), (1.75, 0.5, 1.75), (2.5, -1.5, 2.5), (3.0, 3.0, 3.0), (-1.25, 2.0, 2.0)],
            [
                0, NaN, Inf, 0, 2.0, 0, 0, NaN, Inf, 0, 2.0, 0, NaN, NaN, NaN, NaN, NaN, NaN, Inf, NaN, Inf, Inf, Inf, Inf, 0, NaN, Inf,
                -Inf, 2.0, -1.0,
            ]),
        new BinaryRow<MinimumOp>(-3, 3, [(0.5, 2.25, 0.5), (1.75, 0.5, 0.5), (2.5, -1.5, -1.5), (3.0, 3.0, 3.0), (-1.25, 2.0, -1.25)],
            [
                0, NaN, 0, -Inf, 0, -1.0, 0, NaN, 0, -Inf, 0, -1.0, NaN, NaN, NaN, NaN, NaN, NaN, 0, NaN, Inf, -Inf, 2.0, -1.0, -Inf, NaN,
                -Inf, -Inf, -Inf, -Inf,
            ]),
        new BinaryRow<ShareOp>(
            0.1, 3, [(0.5, 2.25, 1.125), (2.5, -1.5, -3.75), (0, 3.0, 0)],
            [
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, Inf, -Inf, Inf, -Inf, NaN, NaN, -Inf, Inf, -Inf,
                Inf,
            ]),
        new BinaryRow<SquareOverOp>(
            0.3, 3,
            [
                (0.5, 2.25, 0.1111111111111111), (1.75, 0.5, 6.125), (2.5, -1.5, -4.166666666666667), (3.0, 3.0, 3.0),
                (-1.25, 2.0, 0.78125),
            ],
            [
                NaN, NaN, 0, 0, 0, 0, NaN, NaN, 0, 0, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, Inf, NaN, NaN, NaN, Inf, -Inf, Inf, NaN, NaN,
                NaN, Inf, -Inf,
            ]),
        new BinaryRow<PReLUOp>(-3, -0.1, [(0.5, 2.25, 0.5), (1.75, 0.5, 1.75), (2.5, -1.5, 2.5), (3.0, 3.0, 3.0), (-1.25, 2.0, -2.5)],
            [
                0, NaN, NaN, NaN, 0, 0, 0, NaN, NaN, NaN, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, Inf, Inf, Inf, Inf, Inf, Inf, NaN, NaN, -Inf,
                Inf, -Inf, Inf,
            ]),
        new BinaryRow<SquareOfPositiveOp>(
            0.1, 3, [(0.5, 2.25, 0.5625), (1.75, 0.5, 1.53125), (2.5, -1.5, -9.375), (3.0, 3.0, 27.0), (-1.25, 2.0, 0)],
            [
                0, NaN, NaN, NaN, 0, 0, 0, NaN, NaN, NaN, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, Inf, -Inf, Inf, -Inf, 0, NaN, NaN,
                NaN, 0, 0,
            ]),
        new BinaryRow<SwishOfBetaOp>(
            -3, 3,
            [
                (0.5, 2.25, 0.37745749343381413), (1.75, 0.5, 1.2351237987147696), (2.5, -1.5, 0.057443424775064034),
                (3.0, 3.0, 2.999629816272041), (-1.25, 2.0, -0.09482272502655444),
            ],
            [
                0, NaN, NaN, NaN, 0, 0, 0, NaN, NaN, NaN, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, Inf, 0, Inf, 0, NaN, NaN, 0,
                -Inf, 0, -Inf,
            ]),
        new BinaryRow<LogitsCrossEntropyOp>(
            -3, 3,
            [
                (0.5, 0.25, 0.8490769841801067), (-2.5, 0.5, 1.3288897342925496), (8.0, 1.0, 0.00033540637289576885),
                (-8.0, 0.0, 0.00033540637289576885), (3.0, 0.75, 0.798587351573742),
            ],
            [
                0.6931471805599453, NaN, NaN, NaN, 0.6931471805599453, 0.6931471805599453, 0.6931471805599453, NaN, NaN, NaN,
                0.6931471805599453, 0.6931471805599453, NaN, NaN, NaN, NaN, NaN, NaN, Inf, NaN, NaN, NaN, -Inf, Inf, 0, NaN, NaN, NaN, Inf,
                -Inf,
            ]),
        new BinaryRow<GLUOp>(
            -3, 3,
            [
                (0.5, 2.25, 0.4523252675504453), (1.75, 0.5, 1.0893038296032456), (2.5, -1.5, 0.4560638095158909),
                (3.0, 3.0, 2.8577223804673), (-1.25, 2.0, -1.100996347472353),
            ],
            [
                0, NaN, 0, 0, 0, 0, 0, NaN, 0, 0, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, Inf, NaN, Inf, NaN, Inf, Inf, -Inf, NaN, -Inf, NaN,
                -Inf, -Inf,
            ]),
        new BinaryRow<ReGLUOp>(0.1, 3, [(0.5, 2.25, 1.125), (1.75, 0.5, 0.875), (2.5, -1.5, 0), (3.0, 3.0, 9.0), (-1.25, 2.0, -2.5)],
            [
                0, NaN, NaN, 0, 0, 0, 0, NaN, NaN, 0, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, Inf, NaN, Inf, NaN, NaN, NaN, -Inf, NaN,
                -Inf, NaN,
            ]),
        new BinaryRow<GEGLUOp>(
            -3, 3,
            [
                (0.5, 2.25, 1.1112474682630746), (1.75, 0.5, 0.6050296536147615), (2.5, -1.5, -0.2505270047582178),
                (3.0, 3.0, 8.98785091771533), (-1.25, 2.0, -2.443124670129552),
            ],
            [
                0, NaN, NaN, NaN, 0, 0, 0, NaN, NaN, NaN, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, Inf, NaN, Inf, -Inf, NaN, NaN, -Inf,
                NaN, -Inf, Inf,
            ]),
        new BinaryRow<SwiGLUOp>(
            -3, 3,
            [
                (0.5, 2.25, 1.017731851988502), (1.75, 0.5, 0.5446519148016228), (2.5, -1.5, -0.6840957142738363),
                (3.0, 3.0, 8.5731671414019), (-1.25, 2.0, -2.201992694944706),
            ],
            [
                0, NaN, NaN, NaN, 0, 0, 0, NaN, NaN, NaN, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, Inf, NaN, Inf, -Inf, NaN, NaN, -Inf,
                NaN, -Inf, Inf,
            ]),
        new BinaryRow<GaussianGLUOp>(
            -3, 3,
            [
                (0.5, 2.25, 1.9856180308153397), (1.75, 0.5, 0.005554498269121153), (2.5, -1.5, -6.00979460894266e-05),
                (3.0, 3.0, 8.098735510089042e-07), (-1.25, 2.0, 0.022217993076484612),
            ],
            [
                0, NaN, Inf, -Inf, 1.764993805169191, -0.8824969025845955, 0, NaN, Inf, -Inf, 1.764993805169191, -0.8824969025845955, NaN,
                NaN, NaN, NaN, NaN, NaN, 0, NaN, NaN, NaN, 0, 0, 0, NaN, NaN, NaN, 0, 0,
            ], new(0.25f, 0.5f)),
        new BinaryRow<GatedActivationOp>(
            -3, 3,
            [
                (0.5, 2.25, 0.5695450481838378), (1.75, 0.5, 0.8992906170820147), (2.5, -1.5, 0.3178607144076318),
                (3.0, 3.0, 1.0000122277305492), (-1.25, 2.0, 0.06550642253110306),
            ],
            [
                0, NaN, NaN, -Inf, 0.2384058440442351, -0.7310585786300049, 0, NaN, NaN, -Inf, 0.2384058440442351, -0.7310585786300049, NaN,
                NaN, NaN, NaN, NaN, NaN, 1.0, NaN, NaN, NaN, 1.0, 1.0, 0, NaN, NaN, -Inf, 2.0, -1.0,
            ]),
    ];
}
