"""Keeps the studies that ship: python tools/studies.py [results.json ...].

With files, keeps what those studies found. Without, looks at each kept study: where something has changed that its
numbers are made by, one trial of each activation is trained again, and where all of them come out as before the
study is signed anew; else its command is printed, to be run and kept.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from nonlin.advisor.freshness import changes, fingerprint, trained_again
from nonlin.advisor.studies import FOLDER, kept, shipped, write


def keep(paths: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    for path in paths:
        results = json.loads(Path(path).read_text(encoding="utf-8"))
        print(write(kept(results, fingerprint(results))))


def renew() -> None:
    for study in shipped():
        changed = changes(study)
        if not changed:
            continue
        then = {name: one["values"]["0"] for name, one in study["activations"].items()}
        if trained_again(study, list(then)) == then:
            print("signed anew:", write({**study, "fingerprint": fingerprint(study)}))
        else:
            print(
                f"stale ({'; '.join(changed)}): {study['command']} --out FOLDER, then keep FOLDER/results.json"
            )


if __name__ == "__main__":
    keep(sys.argv[1:]) if sys.argv[1:] else renew()
