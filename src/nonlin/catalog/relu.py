"""ReLU, rectified linear unit: the input where it is positive, else 0; f(x) = max(x, 0)."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Slope, Twin, Value, where, x

relu = Definition(
    formula=where(x > 0, x, 0),
    source="Nair and Hinton (2010), Rectified linear units improve restricted Boltzmann machines, ICML",
    twins={
        "torch": Twin("torch.nn.functional.relu", "torch.nn.ReLU", "torch.relu"),
        "keras": Twin("keras.activations.relu", "keras.layers.ReLU"),
        "jax": "jax.nn.relu",
        "onnx": "Relu",
        "hf": "relu",
        "timm": "relu",
        "mlx": Twin("mlx.nn.relu", "mlx.nn.ReLU"),
        "tinygrad": "tinygrad.Tensor.relu",
    },
    claims=[Value(at=-3, is_=0), Value(at=0.5, is_=0.5), Slope(at=0, is_=0), Bounded(below=0), Increasing()],
)  # fmt: skip
