"""Certificates: interruption, staleness, JSON; and those that the package ships, held to their word."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nonlin.certify import Certificate, Progress, certificates, certify, elementwise_names, stale, subject
from nonlin.certify import fingerprint as fingerprints
from nonlin.errors import InvalidInput
from nonlin.report.certificate_page import certificate_page, certificate_table, markdown

SHIPPED = certificates()
HALVES = ("float16", "bfloat16")


def same(a: Certificate, b: Certificate) -> bool:
    return dataclasses.replace(a, date="", seconds=0) == dataclasses.replace(b, date="", seconds=0)


def test_an_interrupted_run_goes_on_and_ends_with_the_same_certificate(tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def stop(progress: Progress) -> None:
        if progress.done == 3:
            raise Stop

    seen: list[Progress] = []
    s = subject("relu6")
    with pytest.raises(Stop):
        certify(s, exhaustive=True, limit=8, folder=tmp_path, progress=stop)
    resumed = certify(s, exhaustive=True, limit=8, folder=tmp_path, progress=seen.append)
    assert [p.done for p in seen] == [4, 5, 6, 7, 8]
    assert same(resumed, certify(s, exhaustive=True, limit=8, workers=1))
    assert same(resumed, Certificate.from_json((tmp_path / "relu6-float32-exact.json").read_text()))


def test_blocks_of_other_kernels_are_not_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s, seen = subject("relu6"), []
    certify(s, exhaustive=True, limit=2, folder=tmp_path)
    monkeypatch.setattr(fingerprints, "instructions", lambda *of: "others")
    certify(s, exhaustive=True, limit=2, folder=tmp_path, progress=seen.append)
    assert [p.done for p in seen] == [1, 2]


def test_a_changed_kernel_makes_a_certificate_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    found = certify(subject("relu6"), limit=1)
    assert stale(found) is None
    monkeypatch.setattr(fingerprints, "instructions", lambda *of: "others")
    told = stale(found)
    assert told is not None
    assert "nonlin certify relu6 --dtype float32" in told


def test_a_fingerprint_sees_code_and_no_comments() -> None:
    base = 'def f(x):\n    "Text."\n    return x + 1\n'
    assert fingerprints.without_words(base) == fingerprints.without_words(
        "# why\ndef f(x):\n    return (x + 1)  # so\n"
    )
    assert fingerprints.without_words(base) != fingerprints.without_words(base.replace("1", "2"))


def test_fingerprints_tell_functions_dtypes_and_parameters_apart() -> None:
    import nonlin as nl

    subjects = [subject("elu"), subject("elu", "float64"), subject("selu"), subject(nl.elu.bind(alpha=0.5))]
    assert len({fingerprints.fingerprint(s) for s in subjects}) == 4


def test_a_certificate_survives_json() -> None:
    found = certify(subject("sigmoid"), limit=2)
    assert Certificate.from_json(found.as_json()) == found
    worst = dataclasses.replace(found.measured["value"], at_most=float("inf"))
    broken = dataclasses.replace(found, measured={**found.measured, "value": worst})
    assert Certificate.from_json(broken.as_json()) == broken
    with pytest.raises(InvalidInput, match="no certificate"):
        Certificate.from_json("[]")


@pytest.mark.parametrize(
    ("arguments", "options", "told"),
    [
        (("softmax",), {}, "is no function of one number"),
        (("gelu", "float8"), {}, "float8"),
        (("gelu", "float32", "quick"), {}, "quick"),
        (("gelu", "float64"), {"exhaustive": True}, "2\\^64"),
        (("gelu",), {"what": ["curvature"]}, "curvature"),
    ],
)
def test_what_cannot_be_certified_is_refused_in_the_users_words(
    arguments: Any, options: Any, told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        certify(subject(*arguments), **options)


def name(c: Certificate) -> str:
    return f"{c.function}-{c.dtype}-{c.grade}"


@pytest.mark.parametrize("certificate", SHIPPED, ids=name)
def test_a_shipped_certificate_is_not_stale(certificate: Certificate) -> None:
    told = stale(certificate)
    assert told is None, told


@pytest.mark.parametrize("certificate", SHIPPED, ids=name)
def test_a_shipped_certificate_holds_at_its_worst_input_and_at_a_sample(certificate: Certificate) -> None:
    s = subject(certificate.function, certificate.dtype, certificate.grade)
    draw = np.random.default_rng(5)
    bits = s.form.dtype.itemsize * 8
    patterns = draw.integers(0, 2**bits, 150, dtype=np.uint64).astype(f"u{bits // 8}").view(s.form.dtype)
    for quantity, tally in certificate.measured.items():
        truth = s.truth(quantity)
        x = np.array([*patterns[np.isfinite(patterns.astype(np.float64))]], s.form.dtype)
        for at, got in zip(x, s.compute(quantity)(x), strict=True):
            assert truth.error(float(at), float(got), s.form)[0] <= tally.at_most * (1 + 1e-12), (
                quantity,
                at,
            )
        if tally.worst is not None:
            got = float(s.compute(quantity)(s.form.dtype.type(tally.worst.at)))
            assert got == tally.worst.got
            assert truth.error(tally.worst.at, got, s.form)[0] == pytest.approx(tally.worst.ulp)


def test_every_function_has_a_certificate() -> None:
    if not SHIPPED:
        pytest.skip("none is shipped yet; make them: nonlin certify --all --exhaustive")
    has = {c.function for c in SHIPPED if c.dtype == "float32" and c.grade == "exact"}
    assert set(elementwise_names()) - has == set()


@pytest.mark.parametrize("certificate", SHIPPED, ids=name)
def test_a_certificate_says_of_how_many_inputs_it_speaks(certificate: Certificate) -> None:
    measured = max(t.inputs for t in certificate.measured.values())
    every = {"float32": 2**32 - 2**24, "float16": 2**16 - 2**11, "bfloat16": 2**16 - 2**8}
    assert certificate.exhaustive == (measured == every.get(certificate.dtype))
    assert ("--exhaustive" in certificate.command) == (
        certificate.exhaustive and certificate.dtype == "float32"
    )
    if not certificate.exhaustive:
        assert measured >= 1_000_000
        (row,) = certificate_table([certificate]).rows
        assert f"{measured:,}" in row
        assert ("†" in markdown([certificate])) == (certificate.dtype == "float32")


def test_a_sample_is_told_from_all_inputs_in_the_table() -> None:
    sampled = certify(subject("relu6"))
    assert not sampled.exhaustive
    assert "†" in markdown([sampled])
    assert "†" not in markdown([dataclasses.replace(sampled, exhaustive=True)])
    assert "1 of float32 are of a sample" in certificate_page([sampled]).lead
