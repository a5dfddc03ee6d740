"""The model answer of cross_entropy_gradient."""

import numpy as np


def gradient(z, label):
    e = np.exp(z - z.max())
    p = e / e.sum()
    p[label] -= 1
    return p
