"""Scaled tanh: f(x) = alpha tanh(beta x)."""

from nonlin.vocabulary import Definition, Increasing, Limit, Odd, Parameter, Twin, Value, inf, tanh, x

alpha = Parameter("alpha", 1.7159, "limit of the value")
beta = Parameter("beta", 2 / 3, "slope at 0, of the tanh")

scaled_tanh = Definition(
    formula=alpha * tanh(beta * x),
    parameters=[alpha, beta],
    fast_lanes=False,  # the value's roundings add up to 5 ulp
    source="LeCun, Bottou, Orr and Mueller (1998), Efficient BackProp",
    aliases=["scaledtanh", "lecun_tanh"],
    twins={
        "onnx": Twin(
            "RNN.ScaledTanh",
            differs="an activation that RNN, LSTM and GRU name, no operator; theirs has no documented defaults",
        )
    },
    claims=[
        Value(at=1, is_=1.0000, digits=4), Value(at=-1, is_=-1.0000, digits=4), Limit(at=-inf, is_=-1.7159),
        Limit(at=inf, is_=1.7159), Odd(), Increasing(),
    ],
)  # fmt: skip
