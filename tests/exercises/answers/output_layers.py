"""The model answer of output_layers."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def predict(task, z):
    if task in ("binary", "multilabel"):
        return sigmoid(z)
    if task == "multiclass":
        e = np.exp(z - z.max())
        return e / e.sum()
    if task == "positive regression":
        return np.logaddexp(0, z)
    if task == "bounded regression":
        return np.tanh(z)
    return z
