"""Bilinear gate: the value times the gate itself, f(x, gate) = x gate."""

from nonlin.vocabulary import GatedDefinition, Value, gate, x

bilinear = GatedDefinition(
    formula=x * gate,
    source="Dauphin et al. (2017), arXiv:1612.08083; Shazeer (2020), arXiv:2002.05202",
    claims=[Value(at=(3, -2), is_=-6)],
)
