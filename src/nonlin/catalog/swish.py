"""Swish: f(x) = x sigmoid(beta x); beta 1 is SiLU, a large beta is near ReLU."""

from nonlin.vocabulary import Definition, Limit, Parameter, Slope, Twin, Value, inf, sigmoid, x

beta = Parameter("beta", 1.0, "sharpness of the gate")

swish = Definition(
    formula=x * sigmoid(beta * x),
    parameters=[beta],
    source="Ramachandran, Zoph and Le (2017), arXiv:1710.05941",
    twins={
        "onnx": Twin(
            "Swish", names={"beta": "alpha"},
            differs="theirs is NaN at -inf, where the limit is 0 (pytorch#195197, ONNX's reference evaluator)",
        ),
    },
    claims=[Value(at=1, is_=0.731058578630), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0)],
)  # fmt: skip
