"""One trial: a network trained with Adam at one learning rate from one seed, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from nonlin.study.imports import in_their_code, load
from nonlin.study.metrics import Score, is_better, score
from nonlin.study.network import Blueprint, Network, build
from nonlin.study.prepare import Part, Prepared
from nonlin.study.settings import Task

if TYPE_CHECKING:
    from torch import Tensor, nn

Purpose = Literal["tuning", "final"]


@dataclass(frozen=True)
class Trial:
    """What is to be trained.

    Attributes
    ----------
    purpose : "tuning" or "final"
        Only a final trial sees the test part, once, when it is trained.
    activation : str
    learning_rate : float
    seed : int
        Decides the initial draws and the order of the rows, alike for every activation and rate.
    epochs, batch_size : int
    """

    purpose: Purpose
    activation: str
    learning_rate: float
    seed: int
    epochs: int
    batch_size: int


@dataclass(frozen=True)
class TrialResult:
    """What came of a trial; scores are those of the epoch with the least loss on the validation part.

    Attributes
    ----------
    diverged : bool
        Whether a loss was infinite or not a number; then there are no scores.
    best_epoch : int or None
        Counted from 1.
    validation, test : dict of str to float, or None
        Metric, loss (and RMSE); test only for a final trial.
    train_loss, validation_metric : list of float
        One value for each finished epoch.
    step_milliseconds : list of float
        Lower quartile, median and upper quartile of the time of a training step.
    zero_slope, always_zero : list of float, or None
        For each activation in the network: the share of (unit, validation row) pairs whose slope is 0;
        the share of units whose slope is 0 for every validation row. None if it has no slope unit by unit.
    seconds, started : float
        Working time, and when the trial started (seconds since 1970).
    """

    diverged: bool
    best_epoch: int | None
    validation: dict[str, float] | None
    test: dict[str, float] | None
    train_loss: list[float]
    validation_metric: list[float]
    step_milliseconds: list[float]
    zero_slope: list[float] | None
    always_zero: list[float] | None
    seconds: float
    started: float


@contextmanager
def alone(seed: int) -> Iterator[None]:
    """Work on one thread with torch's own random numbers seeded; leave both as they were."""
    import torch

    threads, state = torch.get_num_threads(), torch.random.get_rng_state()
    torch.set_num_threads(1)
    torch.default_generator.manual_seed(seed)
    try:
        yield
    finally:
        torch.random.set_rng_state(state)
        torch.set_num_threads(threads)


def run(trial: Trial, activation: Any, blueprint: Blueprint, data: Prepared) -> TrialResult:
    """Train a network and score it; the test part is touched only if the trial is final, and once."""
    started, clock = time.time(), time.perf_counter()
    with alone(trial.seed):
        network = build(blueprint, activation, _generator(trial.seed))
        fit = _in_model_code(blueprint, lambda: _fit(network.module, trial, data))
        test = None
        if fit.best and trial.purpose == "final":
            test = _in_model_code(blueprint, lambda: evaluate(network.module, data.test, data.task))
        silent = slopes(network, data.validation.X) if test else None
    return TrialResult(
        diverged=fit.best is None,
        best_epoch=fit.best_epoch,
        validation=_told(fit.best, data),
        test=_told(test, data),
        train_loss=fit.train_loss,
        validation_metric=fit.validation_metric,
        step_milliseconds=[float(q) for q in np.quantile(fit.milliseconds, [0.25, 0.5, 0.75])],
        zero_slope=silent[0] if silent else None,
        always_zero=silent[1] if silent else None,
        seconds=time.perf_counter() - clock,
        started=started,
    )


def _generator(seed: int) -> Any:
    import torch

    return torch.Generator().manual_seed(seed)


def _in_model_code(blueprint: Blueprint, call: Any) -> Any:
    if blueprint.model is None:
        return call()
    return in_their_code(f"training {blueprint.model}", call, load(blueprint.model))


def _told(scored: Score | None, data: Prepared) -> dict[str, float] | None:
    return scored.told(data.target_scale) if scored else None


@dataclass
class _Fit:
    """The course of a training; `best` stays None if it diverged."""

    train_loss: list[float]
    validation_metric: list[float]
    milliseconds: list[float]
    best: Score | None = None
    best_epoch: int | None = None


def batches(rows: int, batch_size: int, seed: int, epoch: int) -> list[NDArray[np.intp]]:
    """Return the rows of each step of an epoch: all rows once, in batches of nearly equal size."""
    order = np.random.default_rng([seed, epoch]).permutation(rows)
    return np.array_split(order, -(-rows // batch_size))


def _fit(module: nn.Module, trial: Trial, data: Prepared) -> _Fit:
    """Train for all epochs, then put back the weights of the best one."""
    import torch

    X, y = torch.from_numpy(data.train.X), torch.from_numpy(data.train.y)
    optimizer = torch.optim.Adam(module.parameters(), lr=trial.learning_rate, fused=True)
    fit, best_state = _Fit([], [], []), module.state_dict()
    for epoch in range(trial.epochs):
        module.train()
        losses = []
        for rows in batches(len(y), trial.batch_size, trial.seed, epoch):
            chosen = torch.from_numpy(rows)
            clock = time.perf_counter()
            losses.append(_step(module, optimizer, X[chosen], y[chosen], data.task) * len(rows))
            fit.milliseconds.append((time.perf_counter() - clock) * 1e3)
            if not np.isfinite(losses[-1]):
                fit.best = fit.best_epoch = None
                return fit
        scored = evaluate(module, data.validation, data.task)
        if not scored.is_finite:
            fit.best = fit.best_epoch = None
            return fit
        fit.train_loss.append(sum(losses) / len(y))
        fit.validation_metric.append(scored.metric)
        if fit.best is None or is_better(scored, fit.best):
            fit.best, fit.best_epoch = scored, epoch + 1
            best_state = {name: value.clone() for name, value in module.state_dict().items()}
    module.load_state_dict(best_state)
    return fit


def _step(module: nn.Module, optimizer: Any, X: Tensor, y: Tensor, task: Task) -> float:
    optimizer.zero_grad()
    loss = _loss(module(X), y, task)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss.item()


def _loss(output: Tensor, y: Tensor, task: Task) -> Tensor:
    from torch.nn import functional

    if task == "classification":
        return functional.cross_entropy(output, y)
    return functional.mse_loss(output[:, 0], y)


def evaluate(module: nn.Module, part: Part, task: Task) -> Score:
    """Score a network on a part of the data; it learns nothing from it."""
    import torch

    module.eval()
    with torch.no_grad():
        output = module(torch.from_numpy(part.X))
        loss = _loss(output, torch.from_numpy(part.y), task).item()
    return score(output.numpy(), part.y, loss, task)


def slopes(network: Network, X: NDArray[np.float32]) -> tuple[list[float], list[float]]:
    """Return, for each activation in the network, the share of zero slopes and of always silent units."""
    import torch

    seen: dict[int, Tensor] = {}
    hooks = [
        module.register_forward_pre_hook(lambda _, inputs, at=at: seen.__setitem__(at, inputs[0].detach()))
        for at, module in enumerate(network.activations)
    ]
    network.module.eval()
    with torch.no_grad():
        network.module(torch.from_numpy(X))
    for hook in hooks:
        hook.remove()
    zero = [_passed(network.activations[at], seen[at])[1].reshape(len(X), -1) == 0 for at in sorted(seen)]
    return [float(each.mean()) for each in zero], [float(each.all(axis=0).mean()) for each in zero]


def value_and_slope(activation: Any, x: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the activation and its slope as training computes them, in single precision."""
    import torch

    import nonlin.torch as nlt

    return _passed(nlt.module(activation), torch.from_numpy(x.astype(np.float32)))


def _passed(module: nn.Module, z: Tensor) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return value and slope of an activation module; learned parameters are taken as they are."""
    import torch

    value = module(z.requires_grad_())
    slope = torch.autograd.grad(value.sum(), z)[0]
    return value.detach().numpy(), slope.numpy()
