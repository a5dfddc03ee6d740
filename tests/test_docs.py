"""What the documents show is what the library makes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nonlin.cli import application

ROOT = Path(__file__).parent.parent
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
