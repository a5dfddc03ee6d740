import datetime
import gzip
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from nonlin.errors import InvalidInput
from nonlin.study.data import load

CSV = "x,word,y\n1.5,a,0\n2.5,b,1\n,a,0\n"


def write(tmp_path, name, text, encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def test_shipped_data_come_with_their_target_and_task():
    table = load("digits")
    assert table.features.shape == (1797, 64)
    assert table.task == "classification"
    assert len(table.classes) == 10
    assert load("diabetes").task == "regression"
    assert load("breast_cancer").classes == ("malignant", "benign")
    assert load("wine").features.shape == (178, 13)


def test_a_csv_is_read_with_its_types_and_missing_values(tmp_path):
    table = load(write(tmp_path, "t.csv", CSV), "y")
    assert table.features.columns == ["x", "word"]
    assert table.features["x"].to_list() == [1.5, 2.5, None]
    assert table.target.to_list() == [0, 1, 0]
    assert table.name == "t"


@pytest.mark.parametrize("missing", ["", "NA", "nan", "NULL", "?", "n/a"])
def test_the_usual_words_for_missing_are_missing(tmp_path, missing):
    table = load(write(tmp_path, "t.csv", f"x,y\n1,0\n{missing},1\n3,0\n"), "y")
    assert table.features["x"].to_list() == [1, None, 3]


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_separators_are_recognised_and_said(tmp_path, mark, word):
    table = load(write(tmp_path, "t.csv", CSV.replace(",", mark)), "y")
    assert table.features.columns == ["x", "word"]
    assert word in table.notes[0]


def test_compressed_tab_separated_and_marked_files_are_read(tmp_path):
    assert load(write(tmp_path, "t.csv.gz", gzip.compress(CSV.encode())), "y").features.width == 2
    assert load(write(tmp_path, "t.tsv", CSV.replace(",", "\t")), "y").features.width == 2
    assert load(write(tmp_path, "t.csv", "\ufeff" + CSV), "y").features.columns[0] == "x"


def test_parquet_is_read(tmp_path):
    frame = pl.DataFrame({"d": [datetime.date(2020, 1, 1)] * 3, "y": [1, 2, 3]})
    frame.write_parquet(tmp_path / "t.parquet")
    assert load(tmp_path / "t.parquet", "y").features["d"].dtype == pl.Date


def test_npz_arrays_are_read_and_flattened(tmp_path):
    np.savez(tmp_path / "t.npz", X=np.zeros((5, 2, 3)), y=np.arange(5), other=np.zeros(2))
    table = load(tmp_path / "t.npz")
    assert table.features.shape == (5, 6)
    assert any("flattened" in note for note in table.notes)
    assert any("other" in note for note in table.notes)


def test_arrays_and_frames_are_taken_as_they_are():
    X, y = np.zeros((4, 2)), np.array(["a", "b", "a", "b"])
    assert load((X, y)).target.to_list() == ["a", "b", "a", "b"]
    frame = pl.DataFrame({"a": [1, 2], "y": ["u", "v"]})
    assert load(frame, "y").features.columns == ["a"]
    assert load(frame.lazy(), "y").features.columns == ["a"]
    assert load((frame.drop("y"), frame["y"])).target.name == "y"


def test_a_pandas_like_frame_is_read_by_its_columns():
    class Frame(dict):
        @property
        def columns(self):
            return list(self)

    frame = Frame(
        n=np.array([1.0, np.nan]),
        word=np.array(["a", None], dtype=object),
        flag=np.array([True, False]),
        y=np.array([1, 2], dtype=object),
    )
    table = load(frame, "y")
    assert table.features["word"].to_list() == ["a", None]
    assert table.features["flag"].dtype == pl.Boolean
    assert table.target.dtype.is_numeric()


@pytest.mark.parametrize(
    ("name", "content", "target", "said"),
    [
        ("t.csv", "", "y", "is empty"),
        ("t.csv", "\n\n", "y", "cannot be read"),
        ("t.csv", "x,y\n", "y", "no rows"),
        ("t.csv", CSV, None, r"--target \(columns: x, word, y\)"),
        ("t.csv", CSV, "wrd", "no column 'wrd'.*Did you mean 'word'"),
        ("t.csv", "y\n1\n2\n", "y", "nothing to predict it from"),
        ("t.csv", "x,x,y\n1,2,3\n", "y", "two columns called 'x'"),
        ("t.csv", "x,y\n1,2\n3,4,5,6\n", "y", "cannot be read as a table"),
        ("t.csv", "x,größe\n1,2\n".encode("latin-1"), "y", "not UTF-8"),
        ("t.csv", bytes(range(256)) * 9, "y", "t.csv"),
        ("t.parquet", "hello", "y", "cannot be read as Parquet"),
        ("t.npz", "hello", None, "no NPZ file"),
        ("t.xlsx", "hello", "y", "'.xlsx' is not understood; give .csv"),
        ("t", "hello", "y", "not understood"),
    ],
)
def test_files_that_cannot_be_used_are_one_line(tmp_path, name, content, target, said):
    with pytest.raises(InvalidInput, match=said) as refused:
        load(write(tmp_path, name, content), target)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("arrays", "target", "said"),
    [
        ({"X": np.zeros((5, 2))}, None, "no array 'y'"),
        ({"X": np.zeros((5, 2)), "label": np.zeros(5)}, "labl", "Did you mean 'label'"),
        ({"a": np.zeros(5), "b": np.zeros(5), "y": np.zeros(5)}, None, "called 'X'"),
        ({"X": np.array([["a"]] * 5), "y": np.zeros(5)}, None, "not numbers"),
        ({"X": np.zeros((5, 2), complex), "y": np.zeros(5)}, None, "not numbers"),
        ({"X": np.zeros((5, 2)), "y": np.zeros(4)}, None, "as many rows"),
        ({"X": np.zeros((5, 2)), "y": np.zeros((5, 2))}, None, "one value for each row"),
        ({"X": np.array([[object()]] * 5), "y": np.zeros(5)}, None, "plain NPZ"),
    ],
)
def test_npz_arrays_that_cannot_be_used_are_one_line(tmp_path, arrays, target, said):
    np.savez(tmp_path / "t.npz", **arrays)
    with pytest.raises(InvalidInput, match=said):
        load(tmp_path / "t.npz", target)


def test_a_file_that_is_not_there_is_looked_for_nearby(tmp_path, monkeypatch):
    write(tmp_path, "houses.csv", CSV)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidInput, match=r"'house.csv'.*Did you mean 'houses.csv'"):
        load("house.csv", "y")
    with pytest.raises(InvalidInput, match="Did you mean 'digits'"):
        load("digit")
    with pytest.raises(InvalidInput, match="folder"):
        load(tmp_path, "y")


@pytest.mark.parametrize("data", [3, None, [1, 2], (1, 2, 3), SimpleNamespace()])
def test_what_is_no_data_is_refused(data):
    with pytest.raises(InvalidInput, match="not understood"):
        load(data)
