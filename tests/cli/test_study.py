"""`nonlin study` as it is typed: files in, a table or JSON out, one line for whatever is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial

import numpy as np
import polars as pl
import pytest

TINY = [
    *("--hidden", "8", "--epochs", "2", "--batch-size", "16", "--learning-rates", "0.003,0.03"),
    *("--seeds", "2", "--tuning-seeds", "1"),
]
TWO = ["--activations", "relu,tanh"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    draw = np.random.default_rng(0)
    number = draw.normal(size=120)
    frame = pl.DataFrame(
        {
            "number": [None if i % 11 == 0 else value for i, value in enumerate(number)],
            "word": [None if i % 13 == 0 else "pqr"[i % 3] for i in range(120)],
            "name": [f"row {i}" for i in range(120)],
            "price": 3 * number + draw.normal(size=120),
            "label": ["yes" if value > 0 else "no" for value in number],
        }
    )
    frame.write_csv("t.csv")
    frame.write_parquet("t.parquet")
    np.savez("t.npz", X=np.c_[number, draw.normal(size=120)], y=frame["label"].to_numpy().astype(str))
    return tmp_path


@pytest.fixture
def run(typed):
    return partial(typed, "study")


def test_a_csv_with_words_and_gaps_is_studied_and_everything_is_said(run, folder):
    code, out, err = run("t.csv", "--target", "label", *TWO, *TINY, "--out", "here")
    assert code == 0
    assert "relu" in out
    assert "tanh" in out
    for said in ("Classification, because", "median", "identifier", "word of their own", "72 train", "here"):
        assert said in err
    assert sorted(path.name for path in (folder / "here").iterdir()) == [
        "report.html", "results.json", "study.sqlite",
    ]  # fmt: skip
    page = (folder / "here" / "report.html").read_text()
    assert "nonlin study t.csv" in page


@pytest.mark.parametrize(
    "words", [("t.parquet", "--target", "price"), ("t.npz",), ("diabetes",), ("t.csv", "--target", "word")]
)
def test_other_data_are_studied(run, words):
    code, out, err = run(*words, *TWO, *TINY, "--no-report")
    assert (code, bool(out)) == (0, True), err


def test_json_is_the_file_and_nothing_else(run, folder):
    code, out, _ = run("t.npz", *TWO, *TINY, "--json", "--out", "here")
    assert code == 0
    results = json.loads(out)
    assert results == json.loads((folder / "here" / "results.json").read_text())
    assert results["settings"]["hidden"] == [8]


def test_the_default_folder_is_found_again_by_the_same_command(run, folder):
    words = ["t.npz", *TWO, *TINY, "--no-report"]
    assert run(*words)[0] == 0
    (made,) = folder.glob("nonlin-study-t-*")
    before = (made / "results.json").read_text()
    code, _, err = run(*words)
    assert code == 0
    assert made.name in err.splitlines()[-1]
    assert (made / "results.json").read_text() == before
    assert run(*words, "--seeds", "3")[0] == 0
    assert len(list(folder.glob("nonlin-study-t-*"))) == 2


def test_the_command_in_the_results_is_the_one_to_type_again(run, folder):
    _, out, _ = run(
        "t.csv", "--target", "label", "--drop", "name", "--drop", "word", *TWO, *TINY, "--json", "--no-report"
    )
    again = json.loads(out)["command"].split()[2:]
    assert run(*again, "--json", "--no-report", "--out", "other")[0] == 0
    first, second = json.loads(out), json.loads((folder / "other" / "results.json").read_text())
    assert first["settings"] == second["settings"]
    assert first["activations"]["tanh"]["metric"] == second["activations"]["tanh"]["metric"]


def test_own_activation_and_own_network(run, folder):
    (folder / "study_own.py").write_text(
        "import nonlin as nl\n"
        "from torch import nn\n"
        "@nl.activation\n"
        "def bent(x):\n"
        "    'Bent identity.'\n"
        "    return x + 0.5 * (nl.sqrt(x**2 + 1) - 1)\n"
        "def network(activation, inputs, outputs):\n"
        "    return nn.Sequential(nn.Linear(inputs, 8), nn.LayerNorm(8), activation(), nn.Linear(8, outputs))\n"
    )
    code, out, err = run(
        "t.npz",
        "-a",
        "relu",
        "-a",
        "study_own:bent",
        "--model",
        "study_own:network",
        *TINY,
        "--json",
        "--no-report",
    )
    assert code == 0, err
    results = json.loads(out)
    assert list(results["activations"]) == ["relu", "bent"]
    assert results["settings"]["model"] == "study_own:network"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.csv", "--target", "y"], "no file 'nowhere.csv'"),
        (["t.csv"], "--target"),
        (["t.csv", "--target", "labl"], "Did you mean 'label'"),
        (["t.csv", "--target", "name"], "too many to be classes"),
        (["t.csv", "--target", "label", "--task", "regression"], "holds words"),
        (["t.npz", "-a", "relu,misch"], "Did you mean 'mish'"),
        (["t.npz", "-a", "relu", "--reference", "tanh"], "not among the activations"),
        (["t.npz", "-a", ","], "no activation is given"),
        (["t.npz", "--hidden", "8,x"], "--hidden '8,x': give whole numbers"),
        (["t.npz", "--hidden", "0"], "hidden=0"),
        (["t.npz", "--learning-rates", "fast"], "--learning-rates 'fast'"),
        (["t.npz", "--seeds", "1"], "seeds=1"),
        (["t.npz", "--epochs", "0"], "epochs=0"),
        (["t.npz", "--model", "no_such_module:network"], "no module 'no_such_module'"),
        (["t.npz", "--model", "no_such_module"], "package.module:name"),
        (["wine", "--target", "x"], "leave out --target x"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(run, folder, words, said):
    before = sorted(folder.iterdir())
    code, out, err = run(*words, "--no-report")
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("out", "said"),
    [("t.csv", "cannot be used"), ("/proc/nowhere", "cannot be used"), ("damaged", "--fresh")],
)
def test_a_folder_that_cannot_be_used_is_one_line(run, folder, out, said):
    (folder / "damaged").mkdir()
    (folder / "damaged" / "study.sqlite").write_text("no database" * 999)
    code, _, err = run("t.npz", *TWO, *TINY, "--out", out)
    assert code == 2
    assert said in err.splitlines()[-1]
    assert (folder / "damaged" / "study.sqlite").read_text() == "no database" * 999


def test_interrupted_it_says_what_is_stored_and_goes_on(run, monkeypatch):
    from nonlin.study import conducting

    trained = []
    original = conducting.run

    def three_trials(*given):
        trained.append(given)
        if len(trained) > 3:
            raise KeyboardInterrupt
        return original(*given)

    monkeypatch.setattr(conducting, "run", three_trials)
    code, out, err = run("t.npz", *TWO, *TINY, "--out", "here", "--no-report")
    assert (code, out) == (130, "")
    last = err.strip().splitlines()[-1]
    assert "3 of 8 trials are stored in here" in last
    assert "same command" in last
    monkeypatch.setattr(conducting, "run", original)
    assert run("t.npz", *TWO, *TINY, "--out", "here", "--no-report")[0] == 0


def test_a_real_ctrl_c_and_a_second_process_on_the_same_folder(run, folder):
    words = ["t.npz", *TWO, *TINY, "--out", "here", "--no-report", "--epochs", "3000"]
    code = "import sys; from nonlin.cli import main; sys.argv[0] = 'nonlin'; main()"
    at_work = subprocess.Popen(
        [sys.executable, "-c", code, "study", *words],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        deadline = time.monotonic() + 120
        while not (folder / "here" / "study.sqlite-wal").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        refused, _, err = run(*words)
        assert refused == 2
        assert "another study is at work" in err.splitlines()[-1]
        os.kill(at_work.pid, signal.SIGINT)
        told = at_work.communicate(timeout=60)[1].strip().splitlines()
        assert at_work.returncode == 130
        assert told[-1].startswith("nonlin study: interrupted")
        assert "Traceback" not in "\n".join(told)
    finally:
        at_work.kill()
        at_work.wait()


def test_help_shows_an_example(run):
    code, out, _ = run("--help")
    assert code == 0
    assert "nonlin study digits" in out
