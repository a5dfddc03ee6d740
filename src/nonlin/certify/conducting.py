"""The whole story: inputs in blocks, a compiled pass each on every core, balls for the rest, a certificate."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nonlin
from nonlin.certify import block as blocks
from nonlin.certify.certificate import Certificate, file_name
from nonlin.certify.fingerprint import fingerprint
from nonlin.certify.half import every_half
from nonlin.certify.inputs import BLOCKS, Inputs
from nonlin.certify.special import special
from nonlin.certify.store import Store, Told
from nonlin.certify.subject import QUANTITIES, Subject
from nonlin.certify.tally import Tally, total
from nonlin.errors import InvalidInput
from nonlin.machine import machine, usable_cores, versions

PROTOCOL = 2  # raised when a change of this room changes what is measured
LIBRARIES = ("numpy", "numba", "llvmlite", "python-flint", "sympy", "ml-dtypes")
SENTENCES = {
    "float32": "Each result was weighed against float64 results of the same formula, whose error was measured "
    "by ball arithmetic at {samples:,} inputs and taken 8 times as large, at least 2^-46; roundings "
    "nearer to a tie than that, and the worst input of every block, were decided by ball arithmetic.",
    "float64": "Each result was weighed against the formula in 80-bit extended precision, whose error was measured "
    "by ball arithmetic at {samples:,} inputs and taken 8 times as large; roundings nearer to a tie than that "
    "(at most 256 a block), and the worst input of every block, were decided by ball arithmetic.",
    "half": "Every result was compared with ball arithmetic.",
}


@dataclass(frozen=True)
class Progress:
    """How far a certification is.

    Attributes
    ----------
    subject : Subject
    done, total : int
        Blocks of this function.
    found : int
        Blocks that an earlier run had finished.
    seconds : float
        Since this run began with the function.
    """

    subject: Subject
    done: int
    total: int
    found: int
    seconds: float

    @property
    def seconds_left(self) -> float:
        measured = self.done - self.found
        return self.seconds / measured * (self.total - self.done) if measured else 0.0


Watch = Callable[[Progress], None]


def certify(
    subject: Subject,
    exhaustive: bool = False,
    what: Sequence[str] = QUANTITIES,
    folder: Path | None = None,
    progress: Watch | None = None,
    workers: int | None = None,
    limit: int | None = None,
) -> Certificate:
    """Measure a function's error against the proved truth.

    Parameters
    ----------
    subject : Subject
        From `nonlin.certify.subject`.
    exhaustive : bool
        All 2^32 patterns of float32; else a stratified sample. Half-precision inputs are always measured all.
    what : sequence of {"value", "slope"}
    folder : pathlib.Path, optional
        Finished blocks are stored there, and the same call goes on where it stopped; the certificate is
        written there too.
    progress : callable, optional
        Told after every block.
    workers : int, optional
        Threads of the compiled pass; as many as there are cores without it.
    limit : int, optional
        Only so many blocks, evenly spread: for trying it out.

    Raises
    ------
    InvalidInput
        If an exhaustive run is asked for a dtype other than float32, or the folder cannot be used.
    """
    if unknown := [w for w in what if w not in QUANTITIES]:
        raise InvalidInput(f"--what {unknown[0]!r} is not known; choose value, slope or both: value,slope")
    if exhaustive and subject.form.name == "float64":
        raise InvalidInput("float64 has 2^64 inputs: leave --exhaustive out, and ten million are measured")
    quantities = tuple(q for q in QUANTITIES if q in what)
    if subject.form.name in ("float16", "bfloat16"):
        certificate = _half(subject, quantities, progress)
    else:
        inputs = Inputs(subject.form, exhaustive, subject.roots("slope"))
        certificate = _by_blocks(subject, quantities, inputs, folder, progress, workers, limit)
    if folder:
        _write(folder, file_name(subject), certificate)
    return certificate


def _by_blocks(
    subject: Subject,
    quantities: tuple[str, ...],
    inputs: Inputs,
    folder: Path | None,
    progress: Watch | None,
    workers: int | None,
    limit: int | None,
) -> Certificate:
    step = BLOCKS // limit if limit else 1
    step -= inputs.form.name == "float64" and step % 2 == 0  # its blocks are of four kinds in turn
    wanted = range(0, BLOCKS, step)
    store, key = (
        Store(folder if inputs.exhaustive or inputs.form.name == "float64" else None),
        run_key(subject, quantities, inputs),
    )
    try:
        found = {b: told for b, told in store.blocks(key).items() if b in wanted}
        count, began = len(found), time.perf_counter()
        missing = [b for b in wanted if b not in found]
        for block, told in _measured(subject, quantities, inputs, missing, workers or usable_cores()):
            store.put(key, block, *told)
            found[block] = told
            if progress:
                seconds = time.perf_counter() - began
                progress(Progress(subject, len(found), len(wanted), count, seconds))
    finally:
        store.close()
    tallies = {q: total(found[b][0][q] for b in sorted(found)) for q in quantities}
    sentence = inputs.told if len(found) == BLOCKS else f"{len(found)} of {BLOCKS} blocks of {inputs.told}"
    complete = inputs.exhaustive and len(found) == BLOCKS
    differs = sum(f[1] for f in found.values())
    seconds = sum(f[2] for f in found.values())
    return _certificate(subject, quantities, tallies, complete, sentence, differs, seconds)


def _measured(
    subject: Subject, quantities: tuple[str, ...], inputs: Inputs, missing: Sequence[int], workers: int
) -> Iterator[tuple[int, Told]]:
    """Keep every worker busy with compiled passes, and decide by balls here: their precision is global."""
    queue: deque[Future[tuple[blocks.Passed, float]]] = deque()
    coming = iter(missing)
    with ThreadPoolExecutor(workers) as pool:
        try:
            while True:
                while len(queue) <= workers and (block := next(coming, None)) is not None:
                    queue.append(pool.submit(_timed, blocks.prepared(subject, quantities, inputs, block)))
                if not queue:
                    return
                passed, seconds = queue.popleft().result()
                yield passed.job.block, (blocks.decided(passed), passed.differs, seconds)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _timed(job: blocks.Job) -> tuple[blocks.Passed, float]:
    began = time.perf_counter()
    return blocks.run(job), time.perf_counter() - began


def _half(subject: Subject, quantities: tuple[str, ...], progress: Watch | None) -> Certificate:
    began, tallies = time.perf_counter(), {}
    for done, quantity in enumerate(quantities, 1):
        tallies[quantity] = every_half(subject, quantity)
        if progress:
            progress(Progress(subject, done, len(quantities), 0, time.perf_counter() - began))
    seconds = time.perf_counter() - began
    return _certificate(subject, quantities, tallies, True, "all 65,536 bit patterns", 0, seconds)


def _certificate(
    subject: Subject,
    quantities: tuple[str, ...],
    tallies: dict[str, Tally],
    complete: bool,
    inputs: str,
    differs: int,
    seconds: float,
) -> Certificate:
    samples = sum(t.samples for t in tallies.values())
    decided = SENTENCES.get(subject.form.name, SENTENCES["half"]).format(samples=samples)
    return Certificate(
        function=subject.name,
        dtype=subject.form.name,
        grade=subject.grade,
        formula=str(subject.activation.formula),
        parameters=subject.parameters,
        exhaustive=complete,
        inputs=inputs,
        decided=decided,
        measured=tallies,
        roots=subject.roots("slope"),
        special=special(subject),
        differs=differs,
        fingerprint=fingerprint(subject),
        machine=machine(),
        versions={"nonlin": nonlin.__version__, **versions(LIBRARIES)},
        command=command(subject, quantities, exhaustive=complete and subject.form.name == "float32"),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(seconds, 1),
        wave=subject.is_wave("slope"),
    )


def command(subject: Subject, quantities: Sequence[str] = QUANTITIES, exhaustive: bool = True) -> str:
    """Return what to type to measure a function again."""
    words = ["nonlin certify", subject.word, f"--dtype {subject.form.name}"]
    words += ["--grade fast"] * (subject.grade == "fast") + ["--exhaustive"] * exhaustive
    words += [f"--what {','.join(quantities)}"] * (len(quantities) < len(QUANTITIES))
    return " ".join(words)


def run_key(subject: Subject, quantities: Sequence[str], inputs: Inputs) -> str:
    """Return a hash of all that decides the tally of a block."""
    libraries = versions(LIBRARIES)
    told = (PROTOCOL, subject.form.name, subject.grade, *quantities, inputs.exhaustive, fingerprint(subject))
    return hashlib.sha256(repr((told, libraries, machine()["processor"])).encode()).hexdigest()


def _write(folder: Path, name: str, certificate: Certificate) -> None:
    """Write a certificate in one step, so that no half of one is ever read."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{name}.part"
        part.write_text(certificate.as_json(), "utf-8")
        part.replace(folder / name)
    except OSError as error:
        raise InvalidInput(f"--out {str(folder)!r} cannot be written: {error.strerror}") from error
