"""GELU, Gaussian error linear unit: the input times the normal probability below it, f(x) = x Phi(x)."""

from nonlin.vocabulary import Definition, Limit, Minimum, Slope, Twin, Value, inf, normal_cdf, x

cancels = "1 + erf(u) cancels: 57 % off at -5.5, 0 below -6 (pytorch#187806); NaN at -inf"
unsettled = "theirs is NaN at -inf, where the limit is 0 (measured; as silu: pytorch#195197)"

gelu = Definition(
    formula=x * normal_cdf(x),
    source="Hendrycks and Gimpel (2016), arXiv:1606.08415",
    aliases=["gelu_erf"],
    twins={
        "torch": Twin(
            "torch.nn.functional.gelu", "torch.nn.GELU", by_default=True, approximate="none",
            differs=cancels,
        ),
        "keras": [
            Twin("keras.activations.gelu", by_default=True, approximate=False, differs=unsettled),
            Twin("keras.ops.gelu", approximate=False, differs=unsettled),
        ],
        "jax": Twin("jax.nn.gelu", approximate=False, differs=unsettled),
        "onnx": Twin("Gelu", by_default=True, approximate="none", differs=cancels),
        "hf": Twin(
            "gelu", "gelu_python", "transformers.activations.GELUActivation", differs=cancels
        ),
        "timm": Twin("gelu", "timm.layers.GELU", differs=cancels),
        "mlx": [
            Twin("mlx.nn.gelu", differs=cancels),
            Twin("mlx.nn.GELU", by_default=True, approx="none", differs=cancels),
        ],
        "tinygrad": Twin(
            "tinygrad.Tensor.gelu", approximate="none",
            differs="its erf is Abramowitz and Stegun's 7.1.26, 1.5e-7 off, and 1 + erf(u) cancels; NaN at -inf",
        ),
        "tfa": Twin("tensorflow_addons.activations.gelu", approximate=False, differs=unsettled),
    },
    claims=[
        Value(at=1, is_=0.841344746069), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0), Limit(at=inf, is_=inf),
        Minimum(at=-0.751791524693564, is_=-0.169971207, digits=9),
    ],
)  # fmt: skip
