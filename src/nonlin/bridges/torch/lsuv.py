"""LSUV: each layer's weights scaled, in the order in which they run, until its outputs have variance 1 on a batch."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd

from nonlin.errors import InvalidInput

SEED = 0
"""Of the random numbers in each pass, for a model that draws some in evaluation mode as well."""


def scale_to_unit_variance_(model: nn.Module, batch: Any, tolerance: float, passes: int) -> None:
    """Scale the weights of all linear and convolution layers, their biases being 0.

    One pass scales every layer, since each passes on its outputs as they are after scaling; one more finds nothing
    left to scale.

    Parameters
    ----------
    model : nn.Module
    batch : Tensor, tuple or dict
    tolerance : float
    passes : int

    Raises
    ------
    InvalidInput
        If the outputs of a layer do not vary, or are not finite.
    """
    scaling = _Scaling(model, tolerance)
    with _undisturbed(model), scaling.hooked():
        for _ in range(passes):
            if not scaling.run(batch):
                return
        if scaling.run(batch, measure_only=True):
            told = ", ".join(f"{name!r} {v:.3g}" for name, v in scaling.outside.items())
            warnings.warn(
                f"after {passes} passes these layers have variances other than 1: {told}", stacklevel=3
            )


class _Scaling:
    """The layers of a model, measured while a batch goes through."""

    def __init__(self, model: nn.Module, tolerance: float) -> None:
        self.model, self.tolerance = model, tolerance
        self.measure_only = False
        self.measured: set[int] = set()
        self.outside: dict[str, float] = {}

    @contextmanager
    def hooked(self) -> Iterator[None]:
        layers = [(name, m) for name, m in self.model.named_modules() if isinstance(m, nn.Linear | _ConvNd)]
        handles = [layer.register_forward_hook(self._hook(name), prepend=True) for name, layer in layers]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def run(self, batch: Any, measure_only: bool = False) -> bool:
        """Run the batch, and tell whether any layer's variance was not 1."""
        self.measured.clear()
        self.outside.clear()
        self.measure_only = measure_only
        torch.manual_seed(SEED)
        if isinstance(batch, Mapping):
            self.model(**batch)
        else:
            self.model(*(batch if isinstance(batch, tuple) else (batch,)))
        return bool(self.outside)

    def _hook(self, name: str) -> Any:
        def scaled(layer: Any, inputs: Any, output: Tensor) -> Tensor | None:
            if id(own_weight(layer)) in self.measured:
                return None
            self.measured.add(id(own_weight(layer)))
            variance = _variance(name, output)
            if abs(variance - 1) <= self.tolerance:
                return None
            self.outside[name] = variance
            return None if self.measure_only else _scale_(layer, output, variance**-0.5)

        return scaled


def own_weight(layer: Any) -> Any:
    """Return what two layers with shared weights share: the parameter, or what it is computed from."""
    parametrized = nn.utils.parametrize.is_parametrized(layer, "weight")
    return layer.parametrizations.weight if parametrized else layer.weight


def _scale_(layer: Any, output: Tensor, factor: float) -> Tensor:
    if nn.utils.parametrize.is_parametrized(layer, "weight"):
        layer.weight = layer.weight * factor
    else:
        layer.weight.mul_(factor)
    return output * factor


def _variance(name: str, output: Tensor) -> float:
    variance = output.double().var(correction=0).item()
    if not 0 < variance < float("inf"):
        raise InvalidInput(
            f"the outputs of layer {name!r} have variance {variance:g} on this batch, and cannot be scaled to 1; "
            "give a batch of several different finite examples"
        )
    return variance


@contextmanager
def _undisturbed(model: nn.Module) -> Iterator[None]:
    """Run in evaluation mode without gradients, with each layer really called; leave everything as it was."""
    modes = {m: m.training for m in model.modules()}
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # it computes an encoder's layers without calling them
    model.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng():
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
        for m, mode in modes.items():
            m.training = mode
