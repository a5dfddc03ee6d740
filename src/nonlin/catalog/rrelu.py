"""RReLU, randomized leaky ReLU: a leaky ReLU whose negative slope is drawn for each element while training."""

from nonlin.vocabulary import Parameter, StochasticDefinition, Twin

lower = Parameter("lower", 1 / 8, "the least slope for x <= 0")
upper = Parameter("upper", 1 / 3, "the greatest slope for x <= 0")

rrelu = StochasticDefinition(
    of="leaky_relu",
    noise="uniform",
    becomes="negative_slope",
    parameters=[lower, upper],
    formula="x if x > 0, else a x, with a drawn uniformly from lower to upper; their mean without a generator",
    latex=r"\begin{cases}x & x > 0 \\ a x & \text{otherwise}\end{cases}, a \sim U(\mathrm{lower}, \mathrm{upper})",
    source="Xu, Wang, Chen and Li (2015), Empirical evaluation of rectified activations, arXiv:1505.00853",
    twins={
        "torch": Twin(
            "torch.nn.functional.rrelu",
            "torch.nn.RReLU",
            differs="draws from a global generator (documented)",
        ),
        "tfa": Twin("tensorflow_addons.activations.rrelu"),
    },
)
