"""Shrink: the input brought nearer to 0 by bias where its magnitude is above lambd, else 0."""

from nonlin.vocabulary import Definition, Increasing, Odd, Parameter, Slope, Value, where, x

bias = Parameter("bias", 0.0, "how much is taken from the magnitude")
lambd = Parameter("lambd", 0.5, "above it a magnitude passes")

shrink = Definition(
    formula=where(x < -lambd, x + bias, where(x > lambd, x - bias, 0)),
    parameters=[bias, lambd],
    fast_lanes=False,  # at a lambd that float32 rounds, the function jumps
    source="the ONNX operator Shrink, version 9; hard shrink has bias 0, soft shrink has bias lambd",
    twins={
        "onnx": "Shrink",
    },
    claims=[
        Value(at=0.25, is_=0), Value(at=0.5, is_=0), Value(at=2, is_=2), Slope(at=0.5, is_=0), Slope(at=-0.5, is_=0),
        Odd(), Increasing(),
    ],
)  # fmt: skip
