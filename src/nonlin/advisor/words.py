"""The words in which a person may describe a network, and what each may be instead."""

from __future__ import annotations

from collections.abc import Mapping

from nonlin.errors import InvalidInput, did_you_mean

ARCHITECTURES: Mapping[str, tuple[str, ...]] = {
    "mlp": ("dense", "fully_connected", "perceptron", "tabular"),
    "cnn": ("convnet", "conv", "convolutional", "resnet", "unet"),
    "transformer": ("attention", "vit", "bert", "gpt", "llm"),
    "rnn": ("lstm", "gru", "recurrent"),
}
TASKS: Mapping[str, tuple[str, ...]] = {
    "binary": ("binary_classification", "two_class"),
    "multiclass": ("multi_class", "multiclass_classification", "categorical"),
    "multilabel": ("multi_label", "multilabel_classification", "tagging"),
    "regression": ("unbounded_regression", "real"),
    "positive_regression": ("positive",),
    "counts": ("count", "count_regression", "poisson"),
    "bounded_regression": ("bounded",),
    "probabilities": ("probability", "distribution", "soft_targets"),
    "quantiles": ("quantile", "quantile_regression"),
}
NORMALISATIONS: Mapping[str, tuple[str, ...]] = {
    "none": ("no",),
    "batch": ("batchnorm", "batch_norm", "bn"),
    "layer": ("layernorm", "layer_norm", "ln"),
    "group": ("groupnorm", "group_norm"),
    "instance": ("instancenorm", "instance_norm"),
    "rms": ("rmsnorm", "rms_norm"),
}
"""Each word with its other spellings."""


def read(what: str, word: object, known: Mapping[str, tuple[str, ...]]) -> str:
    """Return the word of ours that a person means, in any case, with spaces, hyphens or underscores.

    Raises
    ------
    InvalidInput
        If there is none; the line names those that are near, and all.

    Examples
    --------
    >>> read("task", "Multi-Label", TASKS)
    'multilabel'
    """
    said = str(word).strip().lower().replace("-", "_").replace(" ", "_")
    for name, others in known.items():
        if said == name or said in others:
            return name
    spellings = [*known, *(other for others in known.values() for other in others)]
    raise InvalidInput(f"{what}={word!r} is none of {', '.join(known)}.{did_you_mean(said, spellings)}")
