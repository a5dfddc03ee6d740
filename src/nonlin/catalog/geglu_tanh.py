"""GEGLU, tanh form: the value times the tanh form of the GELU of the gate, as large models compute it."""

from nonlin.vocabulary import GatedDefinition, Value, gate, number, pi, sigmoid, sqrt, x

geglu_tanh = GatedDefinition(
    formula=x * gate * sigmoid(2 * sqrt(2 / pi) * (gate + number("0.044715") * gate**3)),
    source="Shazeer (2020), arXiv:2002.05202; with the tanh form of Hendrycks and Gimpel (2016), arXiv:1606.08415",
    claims=[Value(at=(2, 1), is_=1.682384, digits=6)],
)
