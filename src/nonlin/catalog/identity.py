"""Identity: the input itself, f(x) = x."""

from nonlin.vocabulary import Definition, Odd, Slope, x

identity = Definition(
    formula=x,
    source="the linear unit",
    aliases=["linear"],
    twins={"torch": "torch.nn.Identity", "jax": "jax.nn.identity", "onnx": "Identity"},
    claims=[Odd(), Slope(at=0, is_=1)],
)
