"""PReLU, parametric ReLU: a leaky ReLU whose negative slope is learned."""

from nonlin.vocabulary import Definition, Increasing, Parameter, Slope, Twin, Value, where, x

weight = Parameter("weight", 0.25, "learned slope for x <= 0")

prelu = Definition(
    formula=where(x > 0, x, weight * x),
    parameters=[weight],
    learnable=["weight"],
    source="He, Zhang, Ren and Sun (2015), Delving deep into rectifiers, arXiv:1502.01852",
    twins={"torch": Twin("torch.nn.functional.prelu"), "onnx": "PRelu"},
    claims=[Value(at=-2, is_=-0.5), Slope(at=0, is_=0.25), Increasing()],
)
