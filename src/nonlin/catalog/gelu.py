"""GELU, Gaussian error linear unit: the input times the normal probability below it, f(x) = x Phi(x)."""

from nonlin.vocabulary import Definition, Limit, Minimum, Slope, Twin, Value, inf, normal_cdf, x

gelu = Definition(
    formula=x * normal_cdf(x),
    source="Hendrycks and Gimpel (2016), arXiv:1606.08415",
    aliases=["gelu_erf"],
    twins={
        "torch": "torch.nn.functional.gelu",
        "jax": Twin("jax.nn.gelu", approximate=False),
        "onnx": "Gelu",
    },
    claims=[
        Value(at=1, is_=0.841344746069), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0), Limit(at=inf, is_=inf),
        Minimum(at=-0.751791524693564, is_=-0.169971207, digits=9),
    ],
)  # fmt: skip
