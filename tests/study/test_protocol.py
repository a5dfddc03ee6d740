import pytest

from nonlin.study import Settings
from nonlin.study.protocol import Budget, budget, choose_rate, final_trials, tuning_trials
from nonlin.study.training import TrialResult

BUDGET = Budget(3, 16, 5)


def result(loss, metric=0.5):
    told = None if loss is None else {"metric": metric, "loss": loss}
    return TrialResult(loss is None, None, told, None, [], [], [], None, None, 0.0, 0.0)


def test_every_activation_gets_the_same_tuning():
    trials = tuning_trials(["a", "b"], Settings(tuning_seeds=2, learning_rates=(0.1, 0.2)), BUDGET)
    own = {
        name: [(t.learning_rate, t.seed, t.epochs, t.batch_size) for t in trials if t.activation == name]
        for name in "ab"
    }
    assert len(own["a"]) == 4
    assert own["a"] == own["b"]


def test_final_seeds_are_paired_and_apart_from_those_of_tuning():
    settings = Settings(seeds=3)
    final = final_trials({"a": 0.1, "b": 0.3, "wild": None}, settings, BUDGET)
    seeds = {name: [t.seed for t in final if t.activation == name] for name in ("a", "b", "wild")}
    assert seeds == {"a": [0, 1, 2], "b": [0, 1, 2], "wild": []}
    assert not {t.seed for t in final} & {t.seed for t in tuning_trials(["a"], settings, BUDGET)}
    assert {t.learning_rate for t in final if t.activation == "b"} == {0.3}


def test_activations_take_turns_so_that_a_slow_minute_hits_all():
    assert [t.activation for t in final_trials({"a": 0.1, "b": 0.1}, Settings(seeds=2), BUDGET)] == [*"abab"]


def test_the_least_mean_loss_wins():
    choice = choose_rate(
        {0.1: [result(0.5), result(0.3)], 0.2: [result(0.1), result(0.8)], 0.3: [result(0.9)]}
    )
    assert choice.rate == 0.1
    assert choose_rate({0.1: [result(0.5)], 0.2: [result(0.4)], 0.3: [result(0.9)]}).edge is None


def test_a_lucky_row_of_accuracy_does_not_choose_a_rate_that_is_far_too_high():
    tried = {0.006: [result(0.09, 0.9749)], 0.025: [result(0.31, 0.9777)], 0.1: [result(0.9, 0.9)]}
    assert choose_rate(tried).rate == 0.006


def test_a_choice_at_the_end_of_the_grid_is_marked():
    rising = {0.1: [result(0.1)], 0.2: [result(0.2)], 0.3: [result(0.3)]}
    assert choose_rate(rising).edge == "lowest"
    assert choose_rate({rate: [result(1 - rate)] for rate in rising}).edge == "highest"
    assert choose_rate({0.1: [result(0.1)]}).edge is None


def test_a_rate_that_diverged_for_some_seed_stands_behind_one_that_did_not():
    assert choose_rate({0.1: [result(0.5), result(0.5)], 0.2: [result(0.1), result(None)]}).rate == 0.1


def test_nothing_is_chosen_where_everything_diverged():
    assert choose_rate({0.1: [result(None)], 0.2: [result(None)]}).rate is None


@pytest.mark.parametrize("rows", [12, 106, 266, 1079, 30_000, 1_000_000])
def test_an_open_budget_is_moderate(rows):
    spent = budget(rows, Settings())
    assert 16 <= spent.batch_size <= 256
    assert 10 <= spent.epochs <= 60
    assert (
        spent.batch_size * (spent.steps_of_an_epoch - 1) < rows <= spent.batch_size * spent.steps_of_an_epoch
    )


def test_an_asked_budget_is_kept():
    assert budget(100, Settings(epochs=3, batch_size=7)) == Budget(3, 7, 15)
