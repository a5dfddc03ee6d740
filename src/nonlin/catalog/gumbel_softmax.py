"""Gumbel-softmax: the softmax of the input plus Gumbel noise, a soft sample from the softmax."""

from nonlin.vocabulary import Parameter, StochasticDefinition, Twin

temperature = Parameter("temperature", 1.0, "T > 0: near 0 a sample is one-hot, large ones are even")

gumbel_softmax = StochasticDefinition(
    of="softmax",
    noise="gumbel",
    parameters=[temperature],
    formula="exp((z_i + n_i) / T) / sum_j exp((z_j + n_j) / T), with n drawn from the Gumbel distribution",
    latex=r"\frac{e^{(z_i + n_i) / T}}{\sum_j e^{(z_j + n_j) / T}}, n_i \sim \mathrm{Gumbel}(0, 1)",
    source="Jang, Gu and Poole (2016), arXiv:1611.01144; Maddison, Mnih and Teh (2016), arXiv:1611.00712",
    twins={
        "torch": Twin(
            "torch.nn.functional.gumbel_softmax",
            names={"temperature": "tau", "axis": "dim"},
            differs="draws from a global generator; tau=0 gives NaN (pytorch#184031)",
        ),
    },
)
