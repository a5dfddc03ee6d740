"""ReLU, rectified linear unit: the input where it is positive, else 0; f(x) = max(x, 0)."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Slope, Value, where, x

relu = Definition(
    formula=where(x > 0, x, 0),
    source="Nair and Hinton (2010), Rectified linear units improve restricted Boltzmann machines, ICML",
    twins={"torch": "torch.nn.functional.relu", "jax": "jax.nn.relu", "onnx": "Relu"},
    claims=[Value(at=-3, is_=0), Value(at=0.5, is_=0.5), Slope(at=0, is_=0), Bounded(below=0), Increasing()],
)
