"""SwiGLU: the value times the Swish of the gate, f(x, gate) = x gate sigmoid(beta gate)."""

from nonlin.vocabulary import GatedDefinition, Parameter, Twin, Value, gate, sigmoid, x

beta = Parameter("beta", 1.0, "sharpness of the gate")

swiglu = GatedDefinition(
    formula=x * gate * sigmoid(beta * gate),
    parameters=[beta],
    twins={
        "onnx": Twin(
            "SwiGLU",
            names={"beta": "alpha"},
            gate="first",
            differs="theirs is NaN at -inf, where the limit is 0 (pytorch#195197, ONNX's reference evaluator)",
        )
    },
    source="Shazeer (2020), GLU variants improve Transformer, arXiv:2002.05202",
    claims=[Value(at=(2, 1), is_=1.462117157260), Value(at=(3, 0), is_=0)],
)
