"""The model answer of leaky_relu."""


def leaky_relu(x, alpha):
    return x if x > 0 else alpha * x


AT_ALPHA_0 = "relu"
AT_ALPHA_1 = "identity"
