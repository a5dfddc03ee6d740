import datetime

import numpy as np
import polars as pl
import pytest
from sklearn.preprocessing import StandardScaler

from nonlin.errors import InvalidInput
from nonlin.study import Settings
from nonlin.study.data import load
from nonlin.study.prepare import prepare

N = 100
DRAW = np.random.default_rng(0)
LABEL = [*"ab"] * (N // 2)


def frame(**columns):
    return pl.DataFrame({"noise": DRAW.normal(size=N), **columns, "y": LABEL})


def prepared(data, **settings):
    return prepare(load(data, "y"), Settings(target="y", **settings))


def said(data, word):
    return any(word in note for note in data.notes)


def test_the_parts_share_no_row_and_lose_none():
    number = np.arange(N) * 1.7
    data = prepared(frame(number=number))
    scaled = [part.X[:, data.features.index("number")] for part in data.parts.values()]
    assert [len(each) for each in scaled] == [60, 20, 20]
    assert len(np.unique(np.concatenate(scaled))) == N


def test_classes_are_divided_in_the_same_shares():
    y = np.repeat([0, 1, 2], [60, 30, 10])
    data = prepare(load((DRAW.normal(size=(N, 2)), y)), Settings())
    shares = [np.bincount(part.y).tolist() for part in data.parts.values()]
    assert shares == [[36, 18, 6], [12, 6, 2], [12, 6, 2]]


def test_the_split_depends_on_its_seed_alone():
    table = frame()
    assert prepared(table).fingerprint() == prepared(table).fingerprint()
    assert prepared(table).fingerprint() != prepared(table, split_seed=1).fingerprint()


def test_scaling_is_that_of_the_training_part():
    X = DRAW.normal(5, 3, size=(N, 2))
    data = prepare(load((X, np.arange(N) * 0.5)), Settings())
    table = load((np.c_[X, np.zeros(N)], np.arange(N) * 0.5))
    assert said(prepare(table, Settings()), "the same in every training row")
    assert data.train.X.mean(axis=0) == pytest.approx(0, abs=1e-6)
    assert data.train.X.std(axis=0) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("part", ["validation", "test"])
def test_other_rows_cannot_change_the_training_part(part):
    """Put outlandish values into every row that is not trained on: nothing that was fitted may move."""
    rows = np.arange(N)
    before = prepared(frame(row=rows * 1.5, number=DRAW.normal(size=N), word=[*"pqrs"] * 25))
    scaler = StandardScaler().fit(rows[:, None] * 1.5)
    place = before.features.index("row")
    own = {
        name: np.round(_unscaled(each.X[:, place], before, rows)).astype(int)
        for name, each in before.parts.items()
    }
    assert sorted(np.concatenate(list(own.values()))) == rows.tolist(), scaler
    number, word = DRAW.normal(size=N), np.array([*"pqrs"] * 25, dtype=object)
    clean = prepared(frame2(rows, number, word))
    number[own[part]], word[own[part]] = 1e6, "never seen"
    spoiled = prepared(frame2(rows, number, word))
    assert np.array_equal(clean.train.X, spoiled.train.X)
    assert clean.features == spoiled.features
    assert not np.array_equal(clean.parts[part].X, spoiled.parts[part].X)


def frame2(rows, number, word):
    return pl.DataFrame({"row": rows * 1.5, "number": number, "word": word.tolist(), "y": LABEL})


def _unscaled(scaled, data, rows):
    """Return row numbers from scaled ones: the training part's mean and deviation follow from its rows."""
    everything = np.concatenate([part.X[:, data.features.index("row")] for part in data.parts.values()])
    slope = (everything.max() - everything.min()) / (rows.max() - rows.min())
    return (scaled - everything.min()) / slope


def test_missing_numbers_get_the_training_median_and_a_mark():
    number = np.where(np.arange(N) % 4 == 0, np.nan, np.arange(N) % 7)
    data = prepared(frame(number=number))
    assert "number is missing" in data.features
    marks = np.concatenate(
        [part.X[:, data.features.index("number is missing")] for part in data.parts.values()]
    )
    assert marks.sum() == 25
    assert said(data, "median")
    train = data.train.X[:, data.features.index("number")]
    assert len(np.unique(train[data.train.X[:, data.features.index("number is missing")] == 1])) == 1


def test_infinite_numbers_are_missing_and_said():
    data = prepared(frame(number=np.where(np.arange(N) % 5 == 0, np.inf, np.arange(N) % 3)))
    assert said(data, "Infinite")
    assert all(np.isfinite(part.X).all() for part in data.parts.values())


def test_words_become_inputs_and_a_missing_word_is_a_word():
    data = prepared(frame(word=["u", "v", None, "u"] * 25))
    assert {"word=u", "word=v", "word=(missing)"} <= set(data.features)
    columns = [data.features.index(f"word={w}") for w in ("u", "v", "(missing)")]
    assert (data.train.X[:, columns].sum(axis=1) == 1).all()


def test_many_words_share_an_input_beyond_the_fiftieth():
    n = 600
    words = [f"w{i % 80}" for i in range(n)]
    data = prepared(pl.DataFrame({"word": words, "y": [*"ab"] * (n // 2)}))
    assert len(data.features) == 51
    assert data.features[-1] == "word=(other)"
    assert said(data, "50 commonest")


def test_dates_and_truth_values_become_numbers():
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(days=i % 30) for i in range(N)]
    times = [datetime.datetime(2020, 1, 1, i % 24) for i in range(N)]
    data = prepared(frame(day=days, time=times, flag=[i % 3 == 0 for i in range(N)]))
    assert {"day", "time", "flag"} <= set(data.features)
    assert said(data, "days")


@pytest.mark.parametrize(
    ("column", "why"),
    [
        (list(range(N)), "counts the rows"),
        (list(range(1, N + 1)), "counts the rows"),
        ([f"customer {i}" for i in range(N)], "identifier"),
        ([5.0] * N, "the same in every training row"),
        (["same"] * N, "the same in every training row"),
        ([[1, 2]] * N, "neither numbers"),
    ],
)
def test_columns_that_cannot_help_are_dropped_and_said(column, why):
    data = prepared(frame(other=column))
    assert data.features == ("noise",)
    assert said(data, why)


def test_a_column_is_left_out_when_asked():
    data = prepared(frame(other=DRAW.normal(size=N)), drop=("other",))
    assert data.features == ("noise",)
    assert said(data, "as asked: other")


def test_rows_without_a_target_are_dropped_and_said():
    y = [None if i < 7 else "ab"[i % 2] for i in range(N)]
    data = prepare(load(frame().with_columns(pl.Series("y", y)), "y"), Settings())
    assert sum(len(part) for part in data.parts.values()) == 93
    assert said(data, "7 rows")


def test_copies_across_the_split_are_said():
    X = np.repeat(DRAW.normal(size=(25, 2)), 4, axis=0)
    assert said(prepare(load((X, np.arange(N) % 3)), Settings()), "same features as a training row")


@pytest.mark.parametrize(
    ("y", "task", "why"),
    [
        (["a", "b"] * 50, "classification", "words"),
        ([0, 1] * 50, "classification", "two different"),
        ([0.0, 2.0] * 50, "classification", "two different"),
        ([True, False] * 50, "classification", "words|two"),
        (np.arange(N) % 6, "classification", "only 6 different"),
        (np.arange(N) % 30, "regression", "30 different"),
        (np.arange(N) % 6 + 0.5, "regression", "6 different"),
        (np.arange(N), "regression", "100 different"),
    ],
)
def test_the_task_is_inferred_and_said(y, task, why):
    data = prepare(load(pl.DataFrame({"x": DRAW.normal(size=N), "y": y}), "y"), Settings())
    assert data.task == task
    assert any(each in data.task_reason for each in why.split("|"))


def test_the_task_can_be_asked_for():
    table = load((DRAW.normal(size=(N, 2)), np.arange(N) % 6))
    assert prepare(table, Settings(task="regression")).classes is None


def test_a_number_is_scaled_by_its_training_part_and_back():
    y = 100 + 20 * DRAW.normal(size=N)
    data = prepare(load((DRAW.normal(size=(N, 2)), y)), Settings())
    assert data.train.y.std() == pytest.approx(1, abs=1e-5)
    assert 10 < data.target_scale < 30


def test_the_baseline_is_the_commonest_class():
    y = np.repeat([0, 1], [70, 30])
    assert prepare(load((DRAW.normal(size=(N, 2)), y)), Settings()).baseline == 0.7


@pytest.mark.parametrize(
    ("columns", "options", "why"),
    [
        ({"empty": [None] * N}, {}, "'empty' has no value.*--drop empty"),
        ({"empty": [float("nan")] * N}, {}, "'empty' has no value"),
        ({"y": [None] * N}, {}, "'y' has no value in any row"),
        ({"y": [float("nan")] * N}, {}, "'y' has no value in any row"),
        ({"y": ["one"] * N}, {}, "'one' in every row"),
        ({"y": [1.5] * N}, {}, "1.5 in every row"),
        ({"y": [f"n{i}" for i in range(N)]}, {}, "too many to be classes"),
        ({"y": [*LABEL[:-1], "rare"]}, {}, "class 'rare'.*1 of 100 rows"),
        ({}, {"task": "regression"}, "holds words such as 'a'"),
        ({}, {"drop": ("nois",)}, "Did you mean 'noise'"),
        ({}, {"drop": ("noise",)}, "nothing left"),
        ({"noise": [1.0] * N}, {}, "no column is left.*'noise'"),
        ({"noise": [1e300, -1e300] * (N // 2)}, {}, "too wide a range.*--drop noise"),
        ({"y": [1e300 * i for i in range(-50, 50)]}, {}, "too wide a range"),
        ({"y": [0.5] * (N - 1) + [0.7]}, {"task": "regression"}, "same value in every row of a part"),
    ],
)
def test_data_that_cannot_be_used_are_one_line(columns, options, why):
    table = frame().with_columns([pl.Series(name, values) for name, values in columns.items()])
    with pytest.raises(InvalidInput, match=why) as refused:
        prepared(table, **options)
    assert "\n" not in str(refused.value)


def test_three_rows_are_too_few():
    with pytest.raises(InvalidInput, match=r"3 rows.*at least 20"):
        prepare(load((np.zeros((3, 1)), np.arange(3))), Settings())
