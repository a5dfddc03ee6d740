"""GEGLU: the value times the GELU of the gate, f(x, gate) = x gate Phi(gate)."""

from nonlin.vocabulary import GatedDefinition, Value, gate, normal_cdf, x

geglu = GatedDefinition(
    formula=x * gate * normal_cdf(gate),
    source="Shazeer (2020), GLU variants improve Transformer, arXiv:2002.05202",
    claims=[Value(at=(2, 1), is_=1.682689492137), Value(at=(-1, -1), is_=0.158655253931)],
)
