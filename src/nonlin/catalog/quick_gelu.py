"""Quick GELU, the sigmoid form: f(x) = x sigmoid(1.702 x), within 0.0204 of GELU."""

from nonlin.vocabulary import Definition, Limit, Minimum, Slope, Twin, inf, number, sigmoid, x

unsettled = "theirs is NaN at -inf, where the limit is 0 (measured; as silu: pytorch#195197)"

quick_gelu = Definition(
    formula=x * sigmoid(number("1.702") * x),
    fast_lanes=False,  # the slope's roundings add up to 5 ulp
    source="Hendrycks and Gimpel (2016), arXiv:1606.08415",
    aliases=["gelu_sigmoid"],
    twins={
        "onnx": Twin("Swish", alpha=1.702, differs=unsettled),
        "hf": Twin("quick_gelu", "transformers.activations.QuickGELUActivation", differs=unsettled),
        "timm": Twin("quick_gelu", "timm.layers.QuickGELU", differs=unsettled),
        "mlx": [
            Twin("mlx.nn.gelu_fast_approx", differs=unsettled),
            Twin("mlx.nn.GELU", approx="fast", differs=unsettled),
        ],
        "tinygrad": Twin("tinygrad.Tensor.quick_gelu", differs=unsettled),
    },
    claims=[
        Slope(at=1, is_=1.0678, digits=4), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0),
        Minimum(at=-0.751154256, is_=-0.163610190, digits=8),
    ],
)  # fmt: skip
