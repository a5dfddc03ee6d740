"""Soft shrink: the input brought nearer to 0 by lambd, and 0 within lambd of it."""

from nonlin.vocabulary import Definition, Increasing, Odd, Parameter, Slope, Twin, Value, where, x

lambd = Parameter("lambd", 0.5, "how much is taken from the magnitude")

soft_shrink = Definition(
    formula=where(x > lambd, x - lambd, where(x < -lambd, x + lambd, 0)),
    parameters=[lambd],
    fast_lanes=False,  # a lambd that float32 rounds cancels with the input
    source="Donoho and Johnstone (1994), Ideal spatial adaptation by wavelet shrinkage, Biometrika 81",
    aliases=["softshrink"],
    twins={
        "torch": Twin("torch.nn.functional.softshrink", "torch.nn.Softshrink"),
        "keras": Twin("keras.activations.soft_shrink", names={"lambd": "threshold"}),
        "onnx": Twin("Shrink", bias=0.5, lambd=0.5),
        "mlx": Twin(
            "mlx.nn.softshrink", "mlx.nn.Softshrink", differs="theirs is 0 for NaN (MLX 0.32; as pytorch#138385)"
        ),
        "tfa": Twin("tensorflow_addons.activations.softshrink", by_default=True, lower=-0.5, upper=0.5),
    },
    claims=[
        Value(at=0.25, is_=0), Value(at=2, is_=1.5), Slope(at=0.5, is_=0), Slope(at=-0.5, is_=0), Slope(at=1, is_=1),
        Odd(), Increasing(),
    ],
)  # fmt: skip
