"""Sine: f(x) = sin(omega x); SIREN networks take omega 30."""

from nonlin.vocabulary import Bounded, Definition, Odd, Parameter, Slope, Value, sin, x

omega = Parameter("omega", 1.0, "angular frequency")

sine = Definition(
    formula=sin(omega * x),
    parameters=[omega],
    fast_lanes=False,  # float32 has no digits to spare for the reduction of an angle
    source="Sitzmann, Martel, Bergman, Lindell and Wetzstein (2020), arXiv:2006.09661",
    aliases=["sin", "siren"],
    twins={
        "torch": "torch.sin",
        "keras": "keras.ops.sin",
        "jax": "jax.numpy.sin",
        "onnx": "Sin",
        "mlx": "mlx.core.sin",
        "tinygrad": "tinygrad.Tensor.sin",
        "numpy": "numpy.sin",
    },
    claims=[
        Value(at=1, is_=0.841470984808), Value(at=0, is_=0), Slope(at=0, is_=1), Bounded(below=-1, above=1), Odd(),
    ],
)  # fmt: skip
