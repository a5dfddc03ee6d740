"""ReGLU: the value times the ReLU of the gate, f(x, gate) = x max(gate, 0)."""

from nonlin.vocabulary import GatedDefinition, Value, gate, where, x

reglu = GatedDefinition(
    formula=x * where(gate > 0, gate, 0),
    source="Shazeer (2020), GLU variants improve Transformer, arXiv:2002.05202",
    claims=[Value(at=(3, 2), is_=6), Value(at=(3, -2), is_=0)],
)
