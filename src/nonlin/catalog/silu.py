"""SiLU, sigmoid linear unit (Swish with beta 1): f(x) = x sigmoid(x)."""

from nonlin.vocabulary import Definition, Limit, Minimum, Slope, Value, inf, sigmoid, x

silu = Definition(
    formula=x * sigmoid(x),
    source="Elfwing, Uchibe and Doya (2017), arXiv:1702.03118; Ramachandran et al. (2017), arXiv:1710.05941",
    twins={"torch": "torch.nn.functional.silu", "jax": "jax.nn.silu", "onnx": "Swish"},
    claims=[
        Value(at=1, is_=0.731058578630), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0), Limit(at=inf, is_=inf),
        Minimum(at=-1.278464542761074, is_=-0.278464543, digits=9),
    ],
)  # fmt: skip
