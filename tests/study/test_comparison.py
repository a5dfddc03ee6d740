from nonlin.study.comparison import compare, ranking, sentence


def of(*values):
    return dict(enumerate(values))


def compared(**values):
    return compare({name: of(*each) for name, each in values.items()}, "relu", 0.95, 0.0)


def test_differences_are_taken_seed_by_seed():
    found = compared(relu=(0.1, 0.5, 0.9), gelu=(0.2, 0.6, 1.001))
    assert found["relu"].verdict == "reference"
    assert found["relu"].difference is None
    assert found["gelu"].verdict == "better"  # unpaired, the spread of the seeds would hide it


def test_seeds_are_matched_by_their_number_and_not_by_their_order():
    found = compare({"relu": {1: 0.9, 0: 0.1}, "gelu": {0: 0.15, 1: 0.95}}, "relu", 0.95, 0.0)
    assert round(found["gelu"].difference.low, 9) == 0.05


def test_what_diverged_everywhere_is_worse_and_says_so():
    found = compared(relu=(0.9, 0.9, 0.8), wild=(None, None, None))
    assert found["wild"].verdict == "worse"
    assert "diverged in all 3" in found["wild"].reason
    assert ranking(found) == ["relu", "wild"]


def test_survivors_cannot_win_over_a_reference_that_never_diverged():
    found = compared(relu=(0.5, 0.6, 0.55), lucky=(0.9, 1.0, None))
    assert found["lucky"].difference.mean == 0.4
    assert found["lucky"].verdict != "better"
    assert "1 of 3" in found["lucky"].reason


def test_one_finished_pair_is_no_comparison():
    found = compared(relu=(0.5, None), gelu=(0.6, 0.6))
    assert found["gelu"].difference is None
    assert found["gelu"].verdict == "no difference shown"


def test_the_sentence_names_what_was_shown_and_nothing_else():
    nothing = compared(relu=(0.5, 0.6), gelu=(0.6, 0.5))
    assert sentence(nothing, "relu", "digits") == "No activation is shown to differ from relu on digits."
    mixed = compared(relu=(0.5, 0.6, 0.7), up=(0.6, 0.7, 0.801), down=(0.1, 0.2, 0.301), same=(0.6, 0.5, 0.7))
    assert sentence(mixed, "relu", "digits") == (
        "On digits, up is shown to be better than relu, and down is shown to be worse than relu; "
        "for same no difference is shown."
    )
    alone = compare({"relu": of(1.0, 1.0)}, "relu", 0.95, 0.0)
    assert "nothing to compare" in sentence(alone, "relu", "digits")


def test_activations_are_ranked_by_their_mean():
    assert ranking(compared(relu=(0.1, 0.2), b=(0.3, 0.4), c=(0.2, 0.3))) == ["b", "c", "relu"]
