"""`nonlin` as a stranger types it: wrong words, files that cannot be written, a reader that leaves, Ctrl-C."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import nonlin
from nonlin.cli import application

COMMANDS: Any = get_command(application())


def test_alone_it_shows_its_help_and_that_nothing_was_done(typed: Any) -> None:
    code, out, err = typed()
    assert (code, err) == (2, "")
    assert out.strip() == typed("--help")[1].strip()
    assert all(f" {name} " in out for name in COMMANDS.commands)


def test_it_tells_its_version(typed: Any) -> None:
    assert typed("--version") == (0, f"nonlin {nonlin.__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("lisst", "No such command 'lisst'. Did you mean 'list'? (see nonlin --help)"),
        ("--bogus", "No such option: --bogus (see nonlin --help)"),
        ("show", "'NAME'. (see nonlin show --help)"),
        ("show gelu silu", "(silu) (see nonlin show --help)"),
        ("compare gelu silu --low x", "Invalid value for '--low'"),
        ("certify gelu --workers 0", "Invalid value for '--workers'"),
        ("new activation", "(see nonlin new --help)"),
        ("list --markdown", "--markdown is for --union alone"),
        ("list --union --dialect torch --markdown", "--markdown is for --union alone"),
        ("list --where odd --union", "leave out --union"),
        ("facts", "no facts of nothing: give a name, such as gelu, or --all"),
        ("facts gelu --all", "--all takes every name; leave out 'gelu'"),
        ("certify gelu --all", "--all takes every name; leave out 'gelu'"),
        ("certify --table gleu", "Did you mean"),
        ("certify --table --out .", "'.' holds no certificate"),
        ("exercise --starter", "--starter needs an exercise"),
        ("plot gelu --high inf", "from -4 to inf are no stretch; give two finite numbers"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(
    words: str, told: str, typed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = typed(*words.split())
    assert (code, out) == (2, "")
    assert err.startswith("nonlin: ")
    assert told in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", COMMANDS.commands)
def test_help_has_examples_that_can_be_typed(name: str, typed: Any) -> None:
    examples = list(examples_of(name))
    assert examples
    shown = " ".join(typed(name, "--help")[1].split())
    for words in examples:
        assert f"nonlin {words}" in shown
        command, *rest = shlex.split(words)
        COMMANDS.commands[command].make_context(command, rest)


def examples_of(name: str) -> Iterator[str]:
    for line in COMMANDS.commands[name].help.splitlines():
        if found := re.match(rf"(?:Example: )?nonlin ({name}\b.*)", line.strip()):
            yield found[1]


def test_other_spellings_of_an_option_are_taken(typed: Any) -> None:
    words = ("advise", "--architecture", "mlp", "--task", "binary")
    assert typed(*words, "--normalization", "batch") == typed(*words, "--normalisation", "batch")
    assert typed(*words, "--self-normalizing") == typed(*words, "--self-normalising")


@pytest.mark.parametrize(
    "words",
    [
        "plot gelu --out no/a.png",
        "explore --no-open --out no/a.html",
        "export latex gelu --out no/a.tex",
        "bench --functions relu --out no/a.json",
        "advise --architecture mlp --task binary --report no/a.html",
        "experiment one-neuron --report no/a.html",
        "experiment one-neuron --out no/a.png",
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_the_work(
    words: str, typed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    option, path = words.split()[-2:]
    code, out, err = typed(*words.split())
    assert (code, out) == (2, "")
    assert err == f"nonlin: {option} '{path}' cannot be written: there is no folder 'no'\n"
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("words", ["facts relu --write", "certify relu --out"])
def test_a_folder_that_is_none_is_refused_before_the_work(words: str, typed: Any, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    code, out, err = typed(*words.split(), file)
    assert (code, out) == (2, "")
    assert err == f"nonlin: {words.split()[-1]} '{file}' cannot be written: File exists\n"


def test_what_was_measured_is_shown_even_if_it_cannot_be_kept(
    typed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nonlin.cli.commands.bench.refuse_unwritable", lambda path: None)
    tiny = "--functions relu --sizes 64 --threads 1 --rivals numpy --budget 0.05"
    code, out, err = typed("bench", *tiny.split(), "--json", "--out", tmp_path)
    assert code == 2
    assert '"relu"' in out
    assert "cannot be written: it is a folder" in err


def test_ctrl_c_is_told_in_one_line(typed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nonlin.certify.certify", pressed)
    assert typed("certify", "relu") == (130, "", "nonlin: interrupted\n")


@pytest.mark.parametrize("words", ["list", "show gelu", "certify --table --json", "export latex gelu"])
def test_a_reader_that_leaves_is_no_failure_to_be_told(words: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "nonlin", *words.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_letters_that_an_encoding_has_not_are_spelled() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nonlin", "experiment", "one-neuron"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b" -0.125 " in done.stdout
    assert b"?0.125" not in done.stdout
