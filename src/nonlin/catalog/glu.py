"""GLU, gated linear unit: the value times the sigmoid of the gate, f(x, gate) = x sigmoid(gate)."""

from nonlin.vocabulary import GatedDefinition, Twin, Value, gate, sigmoid, x

glu = GatedDefinition(
    formula=x * sigmoid(gate),
    source="Dauphin, Fan, Auli and Grangier (2017), arXiv:1612.08083",
    twins={
        "torch": Twin("torch.nn.functional.glu", "torch.nn.GLU", names={"axis": "dim"}),
        "keras": Twin("keras.activations.glu", "keras.ops.glu"),
        "jax": "jax.nn.glu",
        "mlx": Twin("mlx.nn.glu", "mlx.nn.GLU"),
    },
    claims=[Value(at=(3, 0), is_=1.5), Value(at=(-2, 1), is_=-1.462117157260)],
)  # fmt: skip
