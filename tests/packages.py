"""Packages as pip installs them: modules and a dist-info folder on sys.path, made for one test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

BENT = '''"""Bent identity and others."""

import nonlin as nl


@nl.activation
def bent(x, a=0.5):
    """Bent identity with an adjustable bend."""
    return x + a * (nl.sqrt(x**2 + 1) - 1)
'''


def install(
    site: Path, package: str, points: Mapping[str, str], modules: Mapping[str, str], version: str = "1.0"
) -> None:
    """Install a package whose activations are these entry points, with these modules' sources by name."""
    info = site / f"{package}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    declared = "\n".join(f"{name} = {target}" for name, target in points.items())
    (info / "entry_points.txt").write_text(f"[nonlin.activations]\n{declared}\n")
    for name, text in modules.items():
        (site / f"{name}.py").write_text(text)


def python(site: Path, *words: str, fails: bool = False) -> subprocess.CompletedProcess[str]:
    """Run Python with a site on its path; warnings are shown, not raised."""
    path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path}
    run = subprocess.run([sys.executable, *words], capture_output=True, text=True, env=environment)
    assert fails or run.returncode == 0, run.stderr
    return run
