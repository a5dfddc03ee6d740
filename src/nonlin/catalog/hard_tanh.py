"""Hard tanh: the input, brought between two bounds where the slope ends; f(x) = min(max(x, -1), 1)."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Odd, Parameter, Slope, Twin, Value, where, x

min_val = Parameter("min_val", -1.0, "the least value")
max_val = Parameter("max_val", 1.0, "the greatest value")

hard_tanh = Definition(
    formula=where(x <= min_val, min_val, where(x >= max_val, max_val, x)),
    parameters=[min_val, max_val],
    source="Collobert (2004), Large scale machine learning, thesis, Universite Paris 6",
    aliases=["hardtanh"],
    twins={
        "torch": Twin("torch.nn.functional.hardtanh", "torch.nn.Hardtanh"),
        "keras": "keras.activations.hard_tanh",
        "jax": Twin("jax.nn.hard_tanh", kink="steeper"),
        "mlx": Twin("mlx.nn.hard_tanh", "mlx.nn.HardTanh"),
        "tinygrad": Twin("tinygrad.Tensor.hardtanh", kink="steeper"),
    },
    claims=[
        Value(at=-4, is_=-1), Value(at=4, is_=1), Value(at=0.25, is_=0.25), Slope(at=-1, is_=0), Slope(at=1, is_=0),
        Bounded(below=-1, above=1), Odd(), Increasing(),
    ],
)  # fmt: skip
