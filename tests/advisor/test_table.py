"""The table of rules: sound as shipped, and what is wrong with another one is named."""

from __future__ import annotations

import re
import tomllib

import pytest

from nonlin.advisor.quoting import quotations
from nonlin.advisor.table import FILE, InvalidRules, gaps, read, shipped

TEXT = FILE.read_text(encoding="utf-8")


def without(name: str) -> str:
    """Return the table's text less one rule."""
    rows = re.split(r"(?=^\[\[rule\]\]$)", TEXT, flags=re.MULTILINE)
    kept = [row for row in rows if f'name = "{name}"\n' not in row]
    assert len(kept) == len(rows) - 1
    return "".join(kept)


def with_rule(**changes: str) -> str:
    told = {
        "name": '"mine"', "topic": '"watch"', "when": "{}", "say": '"s"', "because": '"b"',
        "source": '["algebra"]', "evidence": '"proved fact"',
    } | changes  # fmt: skip
    return (
        TEXT + "\n[[rule]]\n" + "\n".join(f"{key} = {value}" for key, value in told.items() if value) + "\n"
    )


def test_the_shipped_table_is_sound() -> None:
    assert len(read(TEXT).rules) == len(tomllib.loads(TEXT)["rule"]) > 60
    assert list(gaps(shipped())) == []


@pytest.mark.parametrize(
    "name", ["mlp-deep", "cnn-mobile", "rnn-state", "counts", "own-gain", "gating-matters"]
)
def test_a_situation_that_no_rule_answers_is_named(name: str) -> None:
    topic = next(rule.topic for rule in shipped().rules if rule.name == name)
    with pytest.raises(InvalidRules, match=f"no rule answers {topic} where"):
        read(without(name))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"evidence": ""}, "mine lacks evidence"),
        ({"source": "[]"}, "mine lacks source"),
        ({"source": '["nobody2020"]'}, "no source is called 'nobody2020'"),
        ({"evidence": '"hearsay"'}, "not 'hearsay'"),
        ({"topic": '"colour"'}, "no topic is called 'colour'"),
        ({"name": '"mlp"'}, "two rules are called mlp"),
        ({"when": '{ task = ["guessing"] }'}, "task is never 'guessing'"),
        ({"when": '{ weather = ["fine"] }'}, "weather, which is no feature"),
        ({"whim": '"why not"'}, "a word that is not known: whim"),
        ({"say": '"{relu.beauty}"', "source": '["facts"]'}, "no fact is called 'beauty'"),
        ({"say": '"{misch.gain}"', "source": '["facts"]'}, "'misch' has no facts to quote"),
        ({"say": '"{relu.gain}"'}, "does not name them as its source"),
        ({"topic": '"alternative"', "choice": '"softmax"'}, "'softmax' is no activation for hidden layers"),
        ({"topic": '"output"', "choice": '"sigmoid"'}, "an output needs an activation and a loss"),
        (
            {"topic": '"output"', "choice": '"tanh"', "loss": '"l"', "when": '{ task = ["counts"] }'},
            "both answer output in some situation",
        ),
        (
            {"against": '{ hidden = ["gelu"] }', "when": '{ architecture = ["transformer"] }'},
            "recommends gelu, of which mine warns",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_is_named(changes: dict[str, str], fault: str) -> None:
    with pytest.raises(InvalidRules, match=re.escape(fault)):
        read(with_rule(**changes))


def test_every_source_is_cited_by_a_rule() -> None:
    table = shipped()
    cited = {source for rule in table.rules for source in rule.source}
    cited |= {row["source"] for row in tomllib.loads(TEXT)["practice"]}
    assert set(table.sources) - cited == set()


def test_no_fact_is_retyped() -> None:
    """A number in a rule that quotes an activation equals none of that activation's facts."""
    import nonlin as nl

    for rule in shipped().rules:
        text = f"{rule.say} {rule.because}"
        bare = re.sub(r"\{[^}]*\}", "", text)
        typed = {float(n) for n in re.findall(r"(?<![\w.])\d+\.\d{2,}", bare)}
        quoted = {name for name, _ in quotations(text)} - {"hidden"} | {
            "relu",
            "gelu",
            "silu",
            "sigmoid",
            "tanh",
        }
        for name in quoted:
            facts = nl.get(name).facts
            known = {
                float(f"{getattr(facts, fact):.4g}") for fact in ("gain", "chi", "second_moment", "lipschitz")
            }
            assert not typed & known, f"{rule.name} retypes a fact of {name}: {typed & known}"
