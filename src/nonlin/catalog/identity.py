"""Identity: the input itself, f(x) = x."""

from nonlin.vocabulary import Definition, Odd, Slope, Twin, x

identity = Definition(
    formula=x,
    source="the linear unit",
    aliases=["linear"],
    twins={
        "torch": "torch.nn.Identity",
        "keras": "keras.activations.linear",
        "jax": "jax.nn.identity",
        "onnx": "Identity",
        "hf": Twin("linear", "transformers.activations.LinearActivation"),
        "timm": "identity",
        "mlx": "mlx.nn.Identity",
    },
    claims=[Odd(), Slope(at=0, is_=1)],
)  # fmt: skip
