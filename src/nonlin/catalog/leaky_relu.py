"""Leaky ReLU: the input where it is positive, else a small multiple of it."""

from nonlin.vocabulary import Definition, Increasing, Parameter, Slope, Twin, Value, where, x

negative_slope = Parameter("negative_slope", 0.01, "slope for x <= 0")

leaky_relu = Definition(
    formula=where(x > 0, x, negative_slope * x),
    parameters=[negative_slope],
    source="Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural network acoustic models, ICML",
    twins={
        "torch": Twin("torch.nn.functional.leaky_relu", "torch.nn.LeakyReLU"),
        "keras": [
            Twin("keras.activations.leaky_relu", defaults={"negative_slope": 0.2}),
            Twin("keras.layers.LeakyReLU", defaults={"negative_slope": 0.3}),
        ],
        "jax": Twin("jax.nn.leaky_relu", kink="right"),
        "onnx": Twin("LeakyRelu", names={"negative_slope": "alpha"}, defaults={"negative_slope": 0.009999999776482582}),
        "hf": "leaky_relu",
        "timm": "leaky_relu",
        "mlx": Twin(
            "mlx.nn.leaky_relu", "mlx.nn.LeakyReLU", kink="right",
            differs="max(negative_slope x, x) takes the wrong branch for a slope above 1 (measured, MLX 0.32)",
        ),
        "tinygrad": Twin("tinygrad.Tensor.leaky_relu", names={"negative_slope": "neg_slope"}, kink="right"),
    },
    claims=[Value(at=-2, is_=-0.02), Slope(at=0, is_=0.01), Increasing()],
)  # fmt: skip
