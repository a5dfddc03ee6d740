"""Autocast: the dtypes of PyTorch's own modules come out of ours, on the CPU and, by tensors without data, on CUDA."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode

import nonlin as nl
import nonlin.torch as nlt

HALVES = [torch.bfloat16, torch.float16]
CLASSES = {c.lower(): getattr(nn, c) for c in dir(nn) if isinstance(getattr(nn, c), type)}


def native(name: str) -> nn.Module | None:
    twin = nl.get(name).definition.twins.get("torch", "")
    kind = CLASSES.get(twin.rpartition(".")[2].replace("_", "").lower())
    if kind is None:
        return None
    arguments = dict(getattr(twin, "arguments", {}))
    if "dim" in inspect.signature(kind).parameters:
        arguments["dim"] = -1
    try:
        return kind(**arguments)
    except TypeError:
        return None


KINDS = ("elementwise", "rowwise")
WITH_TWINS = [
    n for n in nl.names() if native(n) is not None and n != "prelu" and nl.get(n).card.kind in KINDS
]


@pytest.mark.parametrize("name", WITH_TWINS)
@pytest.mark.parametrize("autocast", HALVES)
def test_dtypes_on_the_cpu_are_pytorchs(name: str, autocast: torch.dtype) -> None:
    theirs, ours = native(name), nlt.module(name)
    for dtype in (torch.float64, torch.float32, *HALVES):
        x = torch.linspace(-3, 3, 6).to(dtype).reshape(2, 3)
        with torch.autocast("cpu", dtype=autocast):
            assert ours(x).dtype == theirs(x).dtype


def test_a_prelu_keeps_its_dtype_where_pytorch_narrows_it() -> None:
    x = torch.tensor([[-3.0000001, 2.0]])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert nn.PReLU()(x).dtype == torch.bfloat16
        assert nlt.module("prelu")(x).dtype == torch.float32
        assert nlt.module("prelu")(x.bfloat16()).dtype == torch.bfloat16


@pytest.fixture
def cuda_autocast() -> Iterator[None]:
    """Autocast on CUDA, and tensors that are said to be there."""
    before = torch.is_autocast_enabled("cuda"), torch.get_autocast_dtype("cuda")
    torch.set_autocast_enabled("cuda", True)
    torch.set_autocast_dtype("cuda", torch.bfloat16)
    try:
        with FakeTensorMode():
            yield
    finally:
        torch.set_autocast_enabled("cuda", before[0])
        torch.set_autocast_dtype("cuda", before[1])


@pytest.mark.usefixtures("cuda_autocast")
@pytest.mark.parametrize("name", WITH_TWINS)
def test_dtypes_on_cuda_are_pytorchs(name: str) -> None:
    theirs, ours = native(name), nlt.module(name)
    for dtype in (torch.float64, torch.float32, *HALVES):
        x = torch.empty(2, 3, dtype=dtype, device="cuda")
        assert ours(x).dtype == theirs(x).dtype


def test_half_precision_outside_of_autocast_stays_half() -> None:
    for name in ("softmax", "log_softmax", "softplus"):
        assert nlt.module(name)(torch.randn(2, 3).half()).dtype == torch.float16


@pytest.mark.parametrize("dtype", HALVES)
def test_a_network_trains_under_autocast_with_a_scaled_loss(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(2, 16), nlt.module("swish", learnable=["beta"], channels=16), nn.Linear(16, 3),
        nlt.module("log_softmax"),
    )  # fmt: skip
    x = torch.randn(256, 2)
    labels = (x[:, 0] > 0).long() + (x[:, 1] > 0).long()
    optimizer, scaler = (
        torch.optim.Adam(model.parameters(), 0.02),
        torch.amp.GradScaler("cpu", init_scale=256.0),
    )
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=dtype):
            loss = nn.functional.nll_loss(model(x).float(), labels)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]
    assert all(p.dtype == p.grad.dtype == torch.float32 for p in model.parameters())
    assert (model[1].beta != 1).all()
