"""What the documents show is what the library makes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nonlin.bench import Record
from nonlin.bench.setting import RACED
from nonlin.certify import certificates, elementwise_names
from nonlin.certify.certificate import FOLDER
from nonlin.certify.fingerprint import instructions
from nonlin.certify.subject import QUANTITIES, subject
from nonlin.cli import application
from nonlin.report import bench_markdown, certificate_page

ROOT = Path(__file__).parent.parent
BENCHMARK = ROOT / "docs/bench.json"
PICTURE = re.compile(r"^    nonlin (plot .*--out (docs/pictures/\S+))$", re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    return PICTURE.findall((ROOT / "docs/pictures/README.md").read_text())


def test_every_picture_names_its_command() -> None:
    made = {Path(path).name for _, path in commands()}
    assert made == {p.name for p in (ROOT / "docs/pictures").iterdir()} - {"README.md"}


@pytest.mark.parametrize(("command", "path"), commands())
def test_the_picture_is_the_one_that_its_command_draws(command: str, path: str, tmp_path: Path) -> None:
    fresh = tmp_path / Path(path).name
    result = CliRunner().invoke(application(), shlex.split(command.replace(path, str(fresh))))
    assert result.exit_code == 0, result.output
    assert fresh.read_bytes() == (ROOT / path).read_bytes()


def test_a_saved_picture_bears_no_date(tmp_path: Path) -> None:
    import nonlin

    for name in ("a.svg", "b.svg"):
        nonlin.plot("gelu", path=tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_the_readme_s_python_runs() -> None:
    text = (ROOT / "README.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def tables() -> dict[str, str]:
    """Return the README's generated tables by the command above each."""
    text = (ROOT / "README.md").read_text()
    return dict(re.findall(r"<!-- (nonlin [^\n]+) -->\n\n(.*?\n)\n?<!-- end -->", text, re.DOTALL))


def test_the_table_of_certificates_is_that_of_the_shipped_ones() -> None:
    told = tables()["nonlin certify --table --markdown --summary"]
    assert told == certificate_page.summary_markdown(certificates(FOLDER)), "renew it: python tools/readme.py"


def test_what_the_summary_says_of_misses_and_inputs_is_so() -> None:
    """Counted here from the certificates themselves."""
    rows = tables()["nonlin certify --table --markdown --summary"].splitlines()[2:]
    told = {cells[1].strip(): [c.strip() for c in cells[2:-1]] for cells in (row.split("|") for row in rows)}
    for (dtype, grade), title in certificate_page.KINDS.items():
        some = [c for c in certificates(FOLDER) if (c.dtype, c.grade) == (dtype, grade)]
        assert told[title][:2] == [str(len(some)), str(sum(c.exhaustive for c in some))]
        missing = re.findall("`(.*?)`", told[title][-1])
        assert missing == [c.function for c in some if not c.kept]


def test_the_page_of_certificates_is_built_from_the_shipped_ones() -> None:
    assert "```{nonlin} certify --table --markdown\n:markdown:" in (ROOT / "docs/certificates.md").read_text()


def test_every_function_is_certified_in_every_dtype_and_grade() -> None:
    for dtype, grade in certificate_page.KINDS:
        has = {c.function for c in certificates(FOLDER) if (c.dtype, c.grade) == (dtype, grade)}
        wanted = set(elementwise_names())
        if grade == "fast":
            wanted = {name for name in wanted if not computes_as_exact(name)}
        assert has == wanted, (dtype, grade)


def computes_as_exact(name: str) -> bool:
    """Tell whether the fast grade of an activation has the very instructions of the exact one."""
    exact, fast = subject(name), subject(name, grade="fast")
    return all(instructions(exact, q, "f") == instructions(fast, q, "f") for q in QUANTITIES)


def test_the_tables_of_speed_are_those_of_the_recorded_benchmark() -> None:
    told = tables()["nonlin bench --table docs/bench.json --markdown --summary"]
    record = Record.from_json(BENCHMARK.read_text())
    assert told == bench_markdown.summary_markdown(record), "renew it: python tools/readme.py"


def test_the_page_of_speed_is_built_from_the_recorded_benchmark() -> None:
    wanted = "```{nonlin} bench --table docs/bench.json --markdown\n:markdown:"
    assert wanted in (ROOT / "docs/benchmarks.md").read_text()


def test_the_recorded_benchmark_is_whole_and_says_how_to_repeat_it() -> None:
    record = Record.from_json(BENCHMARK.read_text())
    assert record.complete
    assert record.command.startswith("nonlin bench")
    assert {r.case.function for r in record.results} == set(RACED)
    assert {r.case.values for r in record.results if r.case.row is None} == {4096, 2**20, 2**24}
    assert {"torch", "jax", "onnxruntime", "numpy"} <= set(record.titles)
