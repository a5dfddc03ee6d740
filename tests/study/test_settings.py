import pytest

from nonlin.errors import InvalidInput
from nonlin.study import Settings


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("hidden", (), "hidden"),
        ("hidden", (8, 0), "hidden=8,0"),
        ("epochs", 0, "epochs=0"),
        ("batch_size", -3, "batch_size=-3"),
        ("learning_rates", (), "learning_rates"),
        ("learning_rates", (0.1, -1.0), "learning_rates=0.1,-1.0"),
        ("learning_rates", (0.1, float("nan")), "nan"),
        ("learning_rates", (0.1, 0.1), "twice"),
        ("seeds", 1, "seeds=1"),
        ("seeds", 2.5, "seeds=2.5"),
        ("tuning_seeds", 0, "tuning_seeds=0"),
        ("test_share", 0.0, "test_share=0.0"),
        ("validation_share", 1.0, "validation_share=1.0"),
        ("test_share", 0.8, "too few rows"),
        ("split_seed", -1, "split_seed=-1"),
        ("confidence", 95, "confidence=95"),
        ("task", "regresion", "did you mean 'regression'?".capitalize()),
    ],
)
def test_a_value_outside_its_range_is_refused_in_the_persons_words(name, value, said):
    with pytest.raises(InvalidInput, match=said.replace("?", r"\?")) as refused:
        Settings(**{name: value})
    assert "\n" not in str(refused.value)


def test_the_defaults_are_those_that_are_documented():
    settings = Settings()
    assert settings.hidden == (128, 128)
    assert len(settings.learning_rates) == 5
    assert settings.seeds == 5
    assert settings.confidence == 0.95
