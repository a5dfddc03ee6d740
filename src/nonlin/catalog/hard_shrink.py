"""Hard shrink: the input where its magnitude is above lambd, else 0."""

from nonlin.vocabulary import Definition, Increasing, Odd, Parameter, Slope, Twin, Value, where, x

lambd = Parameter("lambd", 0.5, "above it a magnitude passes")

hard_shrink = Definition(
    formula=where(x > lambd, x, where(x < -lambd, x, 0)),
    parameters=[lambd],
    fast_lanes=False,  # at a lambd that float32 rounds, the function jumps
    source="Donoho and Johnstone (1994), Ideal spatial adaptation by wavelet shrinkage, Biometrika 81",
    aliases=["hardshrink"],
    twins={
        "torch": Twin("torch.nn.functional.hardshrink", "torch.nn.Hardshrink"),
        "keras": Twin("keras.activations.hard_shrink", names={"lambd": "threshold"}),
        "onnx": Twin("Shrink", bias=0.0, lambd=0.5),
        "mlx": Twin(
            "mlx.nn.hard_shrink", "mlx.nn.HardShrink", differs="theirs is 0 for NaN (MLX 0.32; as pytorch#81138)"
        ),
        "tfa": Twin("tensorflow_addons.activations.hardshrink", by_default=True, lower=-0.5, upper=0.5),
    },
    claims=[
        Value(at=0.25, is_=0), Value(at=0.5, is_=0), Value(at=2, is_=2), Slope(at=0.5, is_=0), Slope(at=-0.5, is_=0),
        Odd(), Increasing(),
    ],
)  # fmt: skip
