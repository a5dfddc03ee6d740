"""PReLU, parametric ReLU: a leaky ReLU whose negative slope is learned."""

from nonlin.vocabulary import Definition, Increasing, Parameter, Slope, Twin, Value, where, x

weight = Parameter("weight", 0.25, "learned slope for x <= 0")

prelu = Definition(
    formula=where(x > 0, x, weight * x),
    parameters=[weight],
    learnable=["weight"],
    source="He, Zhang, Ren and Sun (2015), Delving deep into rectifiers, arXiv:1502.01852",
    twins={
        "torch": Twin("torch.nn.functional.prelu", "torch.nn.PReLU", "torch.prelu"),
        "keras": Twin(
            "keras.layers.PReLU", names={"weight": "alpha"}, defaults={"weight": 0.0},
            differs="theirs learns a slope for each element of a sample unless shared_axes says otherwise",
        ),
        "flax": Twin("flax.linen.PReLU", "flax.nnx.PReLU", defaults={"weight": 0.01}, kink="right"),
        "onnx": Twin("PRelu", names={"weight": "slope"}),
        "hf": "prelu",
        "timm": "prelu",
        "mlx": Twin(
            "mlx.nn.prelu", "mlx.nn.PReLU", names={"weight": "alpha"},
            differs="its slope at 0 is the sum of both sides (measured, MLX 0.32)",
        ),
    },
    claims=[Value(at=-2, is_=-0.5), Slope(at=0, is_=0.25), Increasing()],
)  # fmt: skip
