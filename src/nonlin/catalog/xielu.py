"""xIELU, the integral of an ELU: alpha_p x^2 + beta x above 0, alpha_n (exp(x) - 1 - x) + beta x below."""

from nonlin.vocabulary import Definition, Limit, Parameter, Slope, Twin, Value, expm1_rest, inf, where, x

alpha_p = Parameter("alpha_p", 0.8, "learned curvature above 0")
alpha_n = Parameter("alpha_n", 0.8, "learned curvature below 0; more than beta")
beta = Parameter("beta", 0.5, "slope at 0")

xielu = Definition(
    formula=where(x >= 0, x * (alpha_p * x + beta), alpha_n * expm1_rest(x) + beta * x),
    parameters=[alpha_p, alpha_n, beta],
    learnable=["alpha_p", "alpha_n"],
    fast_lanes=False,  # two terms cancel at -2.43
    source="Huang and Schlag (2024), Deriving activation functions using integration, arXiv:2411.13010",
    twins={
        "hf": Twin(
            "xielu", "transformers.activations.XIELUActivation",
            differs="learns alpha_p and alpha_n - beta by a softplus; its slope from -1e-6 to 0 is -0.3 (measured)",
        )
    },
    claims=[
        Value(at=0, is_=0), Value(at=1, is_=1.3), Value(at=-1, is_=-0.205696447063), Slope(at=0, is_=0.5),
        Limit(at=-inf, is_=inf), Limit(at=inf, is_=inf),
    ],
)  # fmt: skip
