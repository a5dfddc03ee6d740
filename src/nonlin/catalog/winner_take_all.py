"""Winner-take-all: the k largest elements of a row as they are, 0 for the others; of equals the first win."""

from nonlin.vocabulary import Parameter, RowDefinition, equal, inf, where
from nonlin.vocabulary.row_words import g, known, kth_largest, largest, position, total, undecided, z

k = Parameter("k", 1, "how many win")

cut = kth_largest(z, k)
left_for_equals = k - total(where(z > cut, 1, 0))
last = -kth_largest(where(equal(z, cut), -position(z), -inf), left_for_equals)
wins = (z > cut) | (equal(z, cut) & (position(z) <= last))


def of_winners(value: object) -> object:
    return where(known(largest(z)), where(wins, value, 0), undecided)


winner_take_all = RowDefinition(
    value=of_winners(z),
    vjp=of_winners(g),
    param_grads={"k": 0},
    parameters=[k],
    formula="z_i if i is one of the first k places of z, the largest first, else 0",
    latex=r"z_i \left[\sum_j \left[z_j > z_i\right] + \sum_{j < i} \left[z_j = z_i\right] < k\right]",
    source="Maass (2000), On the computational power of winner-take-all; k: Makhzani and Frey (2013), arXiv:1312.5663",
    aliases=["wta", "kwta", "k_winners"],
)
