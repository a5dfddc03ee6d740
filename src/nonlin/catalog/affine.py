"""Affine: f(x) = alpha x + beta."""

from nonlin.vocabulary import Definition, Increasing, Parameter, Slope, Twin, Value, equal, where, x

alpha = Parameter("alpha", 1.0, "slope")
beta = Parameter("beta", 0.0, "value at 0")

as_written = "an activation that RNN, LSTM and GRU name, no operator; theirs has no documented defaults"

affine = Definition(
    formula=where(equal(beta, 0), alpha * x, alpha * x + beta),  # -0.0 + 0.0 would lose its sign
    parameters=[alpha, beta],
    fast_lanes=False,  # alpha x and beta, as float32 rounds them, may cancel
    source="an activation of the ONNX operators RNN, LSTM and GRU",
    twins={"onnx": Twin("RNN.Affine", differs=as_written)},
    claims=[Value(at=2, is_=2), Value(at=0, is_=0), Slope(at=0, is_=1), Increasing()],
)
