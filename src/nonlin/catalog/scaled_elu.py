"""Scaled ELU: SELU with its two constants as parameters; the input times scale where it is positive, else an ELU's."""

from nonlin.vocabulary import Definition, Increasing, Limit, Parameter, Twin, Value, expm1, inf, where, x

alpha = Parameter("alpha", 1.6732632423543772, "depth of the negative side, before it is scaled")
scale = Parameter("scale", 1.0507009873554805, "slope for x > 0")

cancels = "exp(x) - 1 cancels: 0 for small negative x (as tensorflow#116943); slope NaN from x = 89 (tinygrad#17852)"

scaled_elu = Definition(
    formula=where(x > 0, scale * x, scale * (alpha * expm1(x))),
    parameters=[alpha, scale],
    source="Klambauer, Unterthiner, Mayr and Hochreiter (2017), arXiv:1706.02515",
    twins={
        "onnx": Twin(
            "Selu", names={"scale": "gamma"}, defaults={"alpha": 1.6732631921768188, "scale": 1.0507010221481323}
        ),
        "mlx": Twin(
            "mlx.nn.selu", "mlx.nn.SELU", defaults={"alpha": 1.67326, "scale": 1.0507}, differs=cancels
        ),
        "tinygrad": Twin(
            "tinygrad.Tensor.selu", names={"scale": "gamma"}, defaults={"alpha": 1.67326, "scale": 1.0507},
            kink="right", differs=cancels,
        ),
    },
    claims=[
        Value(at=1, is_=1.0507009873554805), Limit(at=-inf, is_=-1.7580993408473768), Increasing(),
    ],
)  # fmt: skip
