"""The model answer of zig_zag."""

import numpy as np


def weight_gradient(a, delta):
    return delta * a


def in_one_step(a, wanted):
    turned = np.sign(a) * wanted
    return bool(np.all(turned > 0) or np.all(turned < 0))
