"""The public names with their types; made by `python tools/stub.py`, never edited."""

from typing import Any, Literal, overload

from nonlin import errors as errors
from nonlin.advisor import advise as advise
from nonlin.kernels.threads import get_num_threads as get_num_threads
from nonlin.kernels.threads import set_num_threads as set_num_threads
from nonlin.plotting import plot as plot
from nonlin.vocabulary import abs as abs
from nonlin.vocabulary import cos as cos
from nonlin.vocabulary import erf as erf
from nonlin.vocabulary import exp as exp
from nonlin.vocabulary import expm1 as expm1
from nonlin.vocabulary import expm1_rest as expm1_rest
from nonlin.vocabulary import hypot as hypot
from nonlin.vocabulary import log as log
from nonlin.vocabulary import log1p as log1p
from nonlin.vocabulary import max as max
from nonlin.vocabulary import min as min
from nonlin.vocabulary import normal_cdf as normal_cdf
from nonlin.vocabulary import normal_pdf as normal_pdf
from nonlin.vocabulary import pi as pi
from nonlin.vocabulary import sech2 as sech2
from nonlin.vocabulary import sin as sin
from nonlin.vocabulary import sqrt as sqrt
from nonlin.vocabulary import tanh_rest as tanh_rest
from nonlin.vocabulary import where as where
from nonlin.workbench import Activation as Activation
from nonlin.workbench import Elementwise, Gated, RandomRows, RandomSlope, RowWise
from nonlin.workbench.making import activation as activation

__version__: str
__all__ = [
    "Activation",
    "activation",
    "advise",
    "errors",
    "get",
    "get_num_threads",
    "names",
    "plot",
    "set_num_threads",
]

@overload
def get(
    name: Literal[
        "affine",
        "affine_tlu",
        "celu",
        "clip",
        "elu",
        "exponential",
        "gelu",
        "gelu_clipped",
        "gelu_tanh",
        "hard_mish",
        "hard_shrink",
        "hard_sigmoid",
        "hard_swish",
        "hard_tanh",
        "identity",
        "keras_relu",
        "laplace",
        "leaky_relu",
        "lisht",
        "log_sigmoid",
        "mish",
        "prelu",
        "quick_gelu",
        "relu",
        "relu6",
        "relu_squared",
        "scaled_elu",
        "scaled_tanh",
        "selu",
        "shrink",
        "sigmoid",
        "sign",
        "silu",
        "sine",
        "sloped_hard_sigmoid",
        "snake",
        "snake_beta",
        "soft_shrink",
        "softplus",
        "softplus_beta",
        "softsign",
        "sparse_plus",
        "sparse_sigmoid",
        "sqrt_softplus",
        "squareplus",
        "step",
        "swish",
        "tanh",
        "tanh_shrink",
        "threshold",
        "thresholded_relu",
        "thresholded_softplus",
        "tlu",
        "xielu",
    ],
    dialect: None = None,
    **options: Any,
) -> Elementwise: ...
@overload
def get(
    name: Literal[
        "bilinear",
        "geglu",
        "geglu_tanh",
        "glu",
        "reglu",
        "swiglu",
        "swiglu_clamped",
    ],
    dialect: None = None,
    **options: Any,
) -> Gated: ...
@overload
def get(
    name: Literal["gumbel_softmax"],
    dialect: None = None,
    **options: Any,
) -> RandomRows: ...
@overload
def get(
    name: Literal["rrelu"],
    dialect: None = None,
    **options: Any,
) -> RandomSlope: ...
@overload
def get(
    name: Literal[
        "batch_norm",
        "entmax15",
        "group_norm",
        "hardmax",
        "layer_norm",
        "local_response_norm",
        "log_softmax",
        "maxout",
        "rms_norm",
        "softmax",
        "softmin",
        "sparsemax",
        "winner_take_all",
    ],
    dialect: None = None,
    **options: Any,
) -> RowWise: ...
@overload
def get(name: str, dialect: str | None = None, **options: Any) -> Activation:
    """Return the activation of that name or alias, in any case; in a dialect, exactly what that framework means.

    Parameters
    ----------
    name : str
        A name of this catalog; with a dialect, that framework's own spelling, bare or dotted: "LeakyRelu",
        "nn.SiLU", "F.silu", "keras.layers.LeakyReLU". A full import path needs no dialect.
    dialect : {"torch", "keras", "jax", "onnx", "hf", "timm", "mlx", "tinygrad", "tfa"}, optional
        Whose meaning: its default parameters, words for them, slope at kinks, approximation.
    **options
        That framework's arguments: those that pick a function, `approximate="tanh"`, and parameters.

    Raises
    ------
    nonlin.errors.UnknownActivation
        If there is none; the message lists those that are near.
    nonlin.errors.AmbiguousActivation
        If no dialect is given and frameworks mean different functions; the message lists them.
    nonlin.errors.InvalidInput
        If there is no such dialect, or the framework's function has no such option.

    Warns
    -----
    nonlin.errors.ContestedName
        If no dialect is given and the name, one of this catalog, means another function elsewhere but for an
        underscore: "hard_sigmoid" is x / 6 + 1/2 between its kinks, and ONNX's HardSigmoid is x / 5 + 1/2.

    Examples
    --------
    >>> get("hard_silu")
    nonlin.hard_swish(x)
    >>> get("gelu", dialect="jax")
    nonlin.gelu_tanh(x) as jax.nn.gelu
    >>> float(get("LeakyRelu", dialect="onnx")(-1.0, alpha=0.1))
    -0.1
    """

def names() -> list[str]:
    """Return the names of all activations, those of installed packages too, in alphabetical order."""

affine: Elementwise
"""Affine: f(x) = alpha x + beta."""
affine_tlu: Elementwise
"""Affine TLU: the input, but never below a learned line; f(x) = max(x, alpha x + tau)."""
batch_norm: RowWise
"""Batch norm: the layer norm along the first axis, by the statistics of the batch itself."""
bilinear: Gated
"""Bilinear gate: the value times the gate itself, f(x, gate) = x gate."""
celu: Elementwise
"""CELU: an ELU whose slope is continuous for every alpha; max(x, 0) + min(alpha (exp(x/alpha) - 1), 0)."""
clip: Elementwise
"""Clip: the input, brought between two bounds; unlike hard tanh, its slope at a bound is 1."""
elu: Elementwise
"""ELU, exponential linear unit: the input where it is positive, else alpha (exp(x) - 1)."""
entmax15: RowWise
"""1.5-entmax: between softmax and sparsemax, max(z_i / 2 - t, 0)^2 with t such that they sum to 1."""
exponential: Elementwise
"""Exponential: f(x) = e^x."""
geglu: Gated
"""GEGLU: the value times the GELU of the gate, f(x, gate) = x gate Phi(gate)."""
geglu_tanh: Gated
"""GEGLU, tanh form: the value times the tanh form of the GELU of the gate, as large models compute it."""
gelu: Elementwise
"""GELU, Gaussian error linear unit: the input times the normal probability below it, f(x) = x Phi(x)."""
gelu_clipped: Elementwise
"""Clipped GELU: a GELU that stops at two bounds, so that it can be quantized."""
gelu_tanh: Elementwise
"""GELU, tanh form: x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2, within 4.8e-4 of GELU."""
glu: Gated
"""GLU, gated linear unit: the value times the sigmoid of the gate, f(x, gate) = x sigmoid(gate)."""
group_norm: RowWise
"""Group norm: the layer norm of each of several equal groups of a row."""
gumbel_softmax: RandomRows
"""Gumbel-softmax: the softmax of the input plus Gumbel noise, a soft sample from the softmax."""
hard_mish: Elementwise
"""Hard Mish: a Mish of polynomial pieces; f(x) = x min(max(x + 2, 0), 2) / 2."""
hard_shrink: Elementwise
"""Hard shrink: the input where its magnitude is above lambd, else 0."""
hard_sigmoid: Elementwise
"""Hard sigmoid: a sigmoid of straight pieces, f(x) = min(max(x + 3, 0), 6) / 6."""
hard_swish: Elementwise
"""Hard swish: the input, gated by the hard sigmoid; f(x) = x min(max(x + 3, 0), 6) / 6."""
hard_tanh: Elementwise
"""Hard tanh: the input, brought between two bounds where the slope ends; f(x) = min(max(x, -1), 1)."""
hardmax: RowWise
"""Hardmax: 1 for the first of the largest elements, 0 for the others; its slope is 0 everywhere."""
identity: Elementwise
"""Identity: the input itself, f(x) = x."""
keras_relu: Elementwise
"""Keras ReLU: a ReLU with a threshold, an upper bound, and a slope below the threshold."""
laplace: Elementwise
"""Laplace, of Mega's attention: f(x) = (1 + erf((x - mu) / (sigma sqrt 2))) / 2, near squared ReLU below its middle."""
layer_norm: RowWise
"""Layer norm: each element's deviation from the row's mean, over the row's standard deviation."""
leaky_relu: Elementwise
"""Leaky ReLU: the input where it is positive, else a small multiple of it."""
lisht: Elementwise
"""LiSHT, linearly scaled tanh: f(x) = x tanh(x)."""
local_response_norm: RowWise
"""Local response norm: each element over a power of the squares around it, as if neighbours inhibited each other."""
log_sigmoid: Elementwise
"""Log-sigmoid: f(x) = log(sigmoid(x)) = -softplus(-x)."""
log_softmax: RowWise
"""Log-softmax: z_i / T minus the logarithm of the row's sum of exp(z_j / T)."""
maxout: RowWise
"""Maxout: the largest of each k neighbours; of the two numbers 0 and z it is the ReLU of z."""
mish: Elementwise
"""Mish: the input, gated by the tanh of its own softplus; f(x) = x tanh(softplus(x))."""
prelu: Elementwise
"""PReLU, parametric ReLU: a leaky ReLU whose negative slope is learned."""
quick_gelu: Elementwise
"""Quick GELU, the sigmoid form: f(x) = x sigmoid(1.702 x), within 0.0204 of GELU."""
reglu: Gated
"""ReGLU: the value times the ReLU of the gate, f(x, gate) = x max(gate, 0)."""
relu: Elementwise
"""ReLU, rectified linear unit: the input where it is positive, else 0; f(x) = max(x, 0)."""
relu6: Elementwise
"""ReLU6: a ReLU that stops at 6; f(x) = min(max(x, 0), 6)."""
relu_squared: Elementwise
"""Squared ReLU: the square of the input where it is positive, else 0; f(x) = max(x, 0)^2."""
rms_norm: RowWise
"""RMS norm: each element over the row's root mean square."""
rrelu: RandomSlope
"""RReLU, randomized leaky ReLU: a leaky ReLU whose negative slope is drawn for each element while training."""
scaled_elu: Elementwise
"""Scaled ELU: SELU with its two constants as parameters; the input times scale where it is positive, else an ELU's."""
scaled_tanh: Elementwise
"""Scaled tanh: f(x) = alpha tanh(beta x)."""
selu: Elementwise
"""SELU, scaled ELU: the two constants keep mean 0 and variance 1 of a standard normal input."""
shrink: Elementwise
"""Shrink: the input brought nearer to 0 by bias where its magnitude is above lambd, else 0."""
sigmoid: Elementwise
"""Sigmoid, the logistic function: f(x) = 1 / (1 + exp(-x))."""
sign: Elementwise
"""Sign: -1, 0 or 1, by the sign of the input."""
silu: Elementwise
"""SiLU, sigmoid linear unit (Swish with beta 1): f(x) = x sigmoid(x)."""
sine: Elementwise
"""Sine: f(x) = sin(omega x); SIREN networks take omega 30."""
sloped_hard_sigmoid: Elementwise
"""Sloped hard sigmoid: a hard sigmoid of any slope; f(x) = min(max(alpha x + beta, 0), 1)."""
snake: Elementwise
"""Snake: a line with waves, for periodic signals; f(x) = x + sin(alpha x)^2 / alpha."""
snake_beta: Elementwise
"""SnakeBeta: a Snake whose waves have a height of their own; f(x) = x + sin(alpha x)^2 / beta."""
soft_shrink: Elementwise
"""Soft shrink: the input brought nearer to 0 by lambd, and 0 within lambd of it."""
softmax: RowWise
"""Softmax: exp(z_i / T) over the row's sum of them; a probability for each element."""
softmin: RowWise
"""Softmin: the softmax of -z; the smallest elements have the largest shares."""
softplus: Elementwise
"""Softplus: a smooth ReLU, f(x) = log(1 + exp(x)); its slope is the sigmoid."""
softplus_beta: Elementwise
"""Softplus of any sharpness: f(x) = log(1 + exp(beta x)) / beta; beta 1 is softplus, a large beta is near ReLU."""
softsign: Elementwise
"""Softsign: f(x) = x / (1 + |x|)."""
sparse_plus: Elementwise
"""Sparse plus: 0 below -1, (x + 1)^2 / 4 up to 1, then the input; its slope is the sparse sigmoid."""
sparse_sigmoid: Elementwise
"""Sparse sigmoid: the two-class sparsemax, f(x) = min(max((x + 1) / 2, 0), 1)."""
sparsemax: RowWise
"""Sparsemax: the probabilities nearest to z, max(z_i - t, 0) with t such that they sum to 1; many are exactly 0."""
sqrt_softplus: Elementwise
"""Square root of softplus: f(x) = sqrt(log(1 + exp(x)))."""
squareplus: Elementwise
"""Squareplus: a smooth ReLU without an exponential; f(x) = (x + sqrt(x^2 + b)) / 2."""
step: Elementwise
"""Step: 1 where the input is at least a threshold, else 0."""
swiglu: Gated
"""SwiGLU: the value times the Swish of the gate, f(x, gate) = x gate sigmoid(beta gate)."""
swiglu_clamped: Gated
"""SwiGLU of gpt-oss: value and gate are kept within a limit, and the value is raised by 1."""
swish: Elementwise
"""Swish: f(x) = x sigmoid(beta x); beta 1 is SiLU, a large beta is near ReLU."""
tanh: Elementwise
"""Tanh, the hyperbolic tangent: f(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
tanh_shrink: Elementwise
"""Tanh shrink: f(x) = x - tanh(x)."""
threshold: Elementwise
"""Threshold: the input where it is above a threshold, else one fixed value."""
thresholded_relu: Elementwise
"""Thresholded ReLU: the input where it is above alpha, else 0."""
thresholded_softplus: Elementwise
"""Thresholded softplus: f(x) = log(1 + exp(beta x)) / beta, but x itself where beta x is above a threshold."""
tlu: Elementwise
"""TLU, thresholded linear unit: the input, but never below a learned threshold; f(x) = max(x, tau)."""
winner_take_all: RowWise
"""Winner-take-all: the k largest elements of a row as they are, 0 for the others; of equals the first win."""
xielu: Elementwise
"""xIELU, the integral of an ELU: alpha_p x^2 + beta x above 0, alpha_n (exp(x) - 1 - x) + beta x below."""
