"""Quick GELU, the sigmoid form: f(x) = x sigmoid(1.702 x), within 0.0204 of GELU."""

from nonlin.vocabulary import Definition, Limit, Minimum, Slope, Twin, inf, number, sigmoid, x

quick_gelu = Definition(
    formula=x * sigmoid(number("1.702") * x),
    fast_lanes=False,  # the slope's roundings add up to 5 ulp
    source="Hendrycks and Gimpel (2016), arXiv:1606.08415",
    aliases=["gelu_sigmoid"],
    twins={"onnx": Twin("Swish", alpha=1.702)},
    claims=[
        Slope(at=1, is_=1.0678, digits=4), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0),
        Minimum(at=-0.751154256, is_=-0.163610190, digits=8),
    ],
)  # fmt: skip
