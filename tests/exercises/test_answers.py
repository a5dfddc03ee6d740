"""Right answers pass; wrong ones that people give fail where they are wrong, with the hint that fits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nonlin.exercises import check, exercise, names, runner, running
from nonlin.exercises.checking import agrees, truth

ANSWERS = Path(__file__).with_name("answers")

# Each: what stands in the model answer, what a person writes instead, where that is seen, and words of the hint.
WRONG = {
    "relu": [
        ("max(0.0, x)", "min(0.0, x)", "relu(-3.0)", "keeps the larger"),
        ("max(0.0, x)", "abs(x)", "relu(-3.0)", "absolute value"),
        ("max(0.0, x)", "float(x > 0)", "relu(0.5)", "slope (a step)"),
        ("return ", "", "relu(-3.0)", "lack a return"),
        ("max(0.0, x)", "x if x > 0 else 0.0", "how it is written", "branches or compares"),
        ("max(0.0, x)", "(x + abs(x)) / 2", "relu(-inf)", "keeps the larger"),
    ],
    "leaky_relu": [
        ("alpha * x", "0.0", "leaky_relu(-4.0, 0.01)", "must leak"),
        ("alpha * x", "-alpha * x", "leaky_relu(-4.0, 0.01)", "sign is lost"),
        ('AT_ALPHA_0 = "relu"', 'AT_ALPHA_0 = "identity"', "AT_ALPHA_0", "other end"),
        ('"identity"', '"linear"', "AT_ALPHA_1", "calls it identity"),
    ],
    "elu": [
        ("alpha * math.expm1(x)", "alpha * (math.exp(x) - 1)", "elu(-1e-12, 1.0)", "math.expm1"),
        ("alpha * math.expm1(x)", "math.expm1(x)", "elu(-3.0, 1.5)", "alpha is missing"),
        ("alpha * math.exp(x)", "alpha * math.expm1(x)", "elu_slope(-3.0, 1.0)", "plus alpha"),
    ],
    "selu": [
        ("return SCALE * (x if", "return 1.0 * (x if", "selu(-5.0)", "scale is missing"),
        ("SCALE * (x if x > 0 else ALPHA", "(x if x > 0 else SCALE * ALPHA", "selu(0.5)", "positive inputs too"),
        ("ALPHA * math.expm1(x)", "math.expm1(x)", "selu(-5.0)", "alpha is missing"),
        ("values.var()", "values.std()", "moments(100000)", "variance is its square"),
        ("[selu(x) for x in draws]", "[x for x in draws]", "moments(100000)", "apply SELU first"),
    ],
    "gelu": [
        ("math.erfc(-x / math.sqrt(2)) / 2", "(1 + math.erf(x / math.sqrt(2))) / 2", "gelu(-6.0)", "math.erfc"),
        ("0.044715 * x**3", "0.044715 * x**2", "gelu_tanh(-6.0)", "cubed"),
        ("math.exp(-1.702 * x)", "math.exp(-x)", "gelu_sigmoid(-6.0)", "That is SiLU"),
        ("1.0678", "0.8458", "SLOPE_AT_1", "first term"),
        ("1.0678", "1.083", "SLOPE_AT_1", "product rule"),
    ],
    "swish": [
        ("-beta * x", "-x", "swish(-3.0, 0.5)", "beta is never used"),
        ("return x / (1", "return 1 / (1", "swish(-3.0, 1.0)", "Multiply by x"),
        ("LOWEST_X = -1.2785", "LOWEST_X = -0.27846", "LOWEST_X", "the place is asked"),
        ("LOWEST_Y = swish(LOWEST_X, 1)", "LOWEST_Y = LOWEST_X", "LOWEST_Y", "the value is asked"),
    ],
    "hard_swish": [
        ("min(max(x, 0.0), 6.0)", "max(x, 0.0)", "relu6(8.0)", "Cut it off at 6"),
        ("relu6(x + 3) / 6", "relu6(x) / 6", "hard_sigmoid(-1.5)", "Shift by 3"),
        ("relu6(x + 3) / 6", "min(max(0.2 * x + 0.5, 0), 1)", "hard_sigmoid(-1.5)", "older form"),
        ("x * hard_sigmoid(x)", "hard_sigmoid(x)", "hard_swish(-1.5)", "Multiply by x"),
    ],
    "stable_sigmoid": [
        ("if x >= 0:", "if True:", "sigmoid(-1000.0)", "overflows for very negative x"),
        ("math.exp(x) / (1 + math.exp(x))", "1 - 1 / (1 + math.exp(x))", "sigmoid(-40.0)", "loses all digits"),
        ("1 / (1 + math.exp(-x))", "math.exp(-x)", "sigmoid(0.0)", "For x >= 0"),
    ],
    "stable_softplus": [
        ("max(x, 0.0) + math.log1p(math.exp(-abs(x)))", "math.log(1 + math.exp(x))", "softplus(-40.0)", ""),
        ("max(x, 0.0) + math.log1p(math.exp(-abs(x)))", "math.log1p(math.exp(x))", "softplus(1000.0)", "overflows"),
        ("math.log1p(math.exp(-abs(x)))", "math.log(1 + math.exp(-abs(x)))", "softplus(-40.0)", "math.log1p"),
        ('"sigmoid"', '"relu"', "SLOPE", "rounds off"),
    ],
    "tanh_by_sigmoid": [
        ("2 * sigmoid(2 * x) - 1", "2 * sigmoid(x) - 1", "tanh(-2.0)", "stretch x too"),
        ("2 * sigmoid(2 * x) - 1", "2 * sigmoid(2 * x)", "tanh(-400.0)", "Subtract 1"),
    ],
    "slopes_at_zero": [
        ("s * (1 - s)", "s", "sigmoid_slope(-5.0)", "the sigmoid itself"),
        ("s * (1 - s)", "1 - s**2", "sigmoid_slope(-5.0)", "tanh's pattern"),
        ("1 - math.tanh(x) ** 2", "1 - math.tanh(x)", "tanh_slope(-5.0)", "squared"),
        ("1 / 4", "1 / 2", "SIGMOID_AT_0", "not the slope"),
    ],
    "prelu_gradient": [
        ("x > 0, 1.0", "x >= 0, 1.0", "by_x(", "left side"),
        ("np.sum(g * np.minimum(x, 0.0))", "np.sum(g * x)", "by_alpha(", "do not depend on alpha"),
        ("np.sum(g * np.minimum(x, 0.0))", "g * np.minimum(x, 0.0)", "by_alpha(", "share one alpha"),
    ],
    "one_neuron": [
        ("(a - y) * slope * x", "(a - y) * x", "weight_gradient('sigmoid', 1e-09, 1.0, 1.0)", "saturation makes small"),
        ("(a - y) * slope * x", "(y - a) * slope * x", "weight_gradient('sigmoid', 1e-09, 1.0, 1.0)", "The sign"),
        ("(a - y) * slope * x", "(a - y) * slope", "weight_gradient('sigmoid', 0.5, -2.0, 0.0)", "x is missing"),
        ('MINUS_10 = "sigmoid"', 'MINUS_10 = "relu"', "LEARNS_AT_MINUS_10", "exactly 0"),
    ],
    "gradient_landscape": [
        ("W.T @ (g * slope)", "W.T @ g", "landscape(", "slopes f'(z) are missing"),
        ("np.sqrt(np.sum(g**2))", "np.sum(g**2)", "landscape(", "take the root"),
        ("    x = sigmoid(x)\n", "    pass\n", "nested_slope(0.0, 1)", "where the one before"),
        ("product *= x * (1 - x)", "product *= 0.25", "nested_slope(0.0, 3)", "the bound"),
        ("1 / 64", "3 / 4", "BOUND", "do not add"),
    ],
    "elementwise_jacobian": [
        ("np.diag(1 - np.tanh(x) ** 2)", "1 - np.tanh(x) ** 2", "jacobian([-2, 0.5, 3])", "diagonal of a matrix"),
        ("return g * (1 - np.tanh(x) ** 2)", "return g * np.tanh(x)", "pullback(", "not by the value"),
    ],
    "own_backward": [
        ("np.tanh(np.logaddexp(0, x)), x", "np.tanh(np.logaddexp(0, x)), np.exp(x)", "forward(", "by np.logaddexp"),
        ("(1 - t**2) * s", "(1 - t**2)", "backward(", "factor sigmoid(x)"),
        ("g * (t + saved * (1 - t**2) * s)", "g * t", "backward(", "first term"),
    ],
    "softmax": [
        ("z - z.max()", "z", "softmax([1000, 999, -1000], 1.0)", "largest logit"),
        ("/ temperature)", ")", "softmax([2, 1, 0.1], 0.5)", "never used"),
        ("/ temperature)", "* temperature)", "softmax([2, 1, 0.1], 0.5)", "high is soft"),
        ("e / e.sum()", "e", "softmax([2, 1, 0.1], 1.0)", "all add to 1"),
    ],
    "softmax_jacobian": [
        ("np.diag(p) - np.outer(p, p)", "np.diag(p * (1 - p))", "jacobian(", "as if softmax were elementwise"),
        ("np.diag(p) - np.outer(p, p)", "p * (1 - p)", "jacobian(", "a matrix is asked"),
        ("np.diag(p) - np.outer", "np.diag(p) + np.outer", "jacobian(", "less of the others"),
    ],
    "cross_entropy_gradient": [
        ("return p", "return -p", "gradient([2, 1, 0.1], 0)", "The sign"),
        ("    p[label] -= 1\n", "", "gradient([2, 1, 0.1], 0)", "y is missing"),
        ("return p", "return p * e / e.sum()", "gradient([2, 1, 0.1], 0)", "has cancelled"),
    ],
    "softmax_twice": [
        ("math.log(1 + (classes - 1) / math.e)", "0.0", "least_loss(2)", "1 apart"),
        ("math.log(1 + (classes - 1) / math.e)", "math.log(classes)", "least_loss(2)", "loss of guessing"),
        ("math.e / (1 + math.e)", "1.0", "largest_gradient()", "0 and 1"),
    ],
    "output_layers": [
        ('"multilabel")', '"none")', "predict('multilabel'", "identity"),
        ('task in ("binary", "multilabel")', 'task == "binary"', "predict('multilabel'", "sigmoid for each"),
        ('"multilabel"):', '"multilabel", "multiclass"):', "predict('multiclass'", "do not add to 1"),
        ("np.logaddexp(0, z)", "np.exp(z)", "predict('positive regression'", "explodes"),
        ("    return z\n", "    return np.maximum(z, 0)\n", "predict('regression'", "slope 0 below 0"),
    ],
    "maxout": [
        ("np.max(W @ x + b)", "max(0.0, np.max(W @ x + b))", "maxout(", "may be negative"),
        ("np.max(W @ x + b)", "np.max(W @ x)", "maxout(", "Add b before"),
        ('"relu": [0, 1]', '"relu": [-1, 1]', "pieces('relu')", "two straight lines"),
    ],
    "gated_unit": [
        ("sigmoid(x @ V + c)", "(x @ V + c)", "glu(", "needs its sigmoid"),
        ("gate * sigmoid(gate)", "sigmoid(gate)", "swiglu(", "That is GLU"),
    ],
    "layer_norm": [
        ("/ x.std()\n\n", "/ x.std(ddof=1)\n\n", "normalise(", "not by n - 1"),
        ("(g - g.mean() - y * np.mean(g * y))", "g", "pullback(", "they depend on x"),
        ("(g - g.mean() - y * np.mean(g * y))", "(g - g.mean())", "pullback(", "part along y"),
    ],
    "winner_take_all": [
        ("= z.max()", "= 1", "compete(", "hardmax"),
        ("= z.max()", "= max(z.max(), 0)", "compete([-3, -2, -5, -2.5])", "no ReLU"),
        ("g * (z == z.max())", "g", "pullback(", "Only the winner"),
    ],
    "collapse_linear": [
        ("W3 @ (W2 @ b1 + b2) + b3", "b3", "collapse(", "earlier biases"),
        ("W3 @ W2 @ W1", "W1 @ W2 @ W3", "collapse(", "W3 @ W2 @ W1"),
        ("W3 @ (W2 @ b1 + b2) + b3", "W3 @ b2 + b3", "collapse(", "b1 passes"),
    ],
    "dead_unit": [
        ("not np.any(X @ w + b > 0)", "bool(np.any(X @ w + b <= 0))", "is_dead(", "silent on all"),
        ("(g * (X @ w + b > 0)) @ X", "g @ X", "gradient(", "slope of ReLU"),
        ("-np.median(X @ w)", "0.0", "cured(", "no cure"),
        ("-np.median(X @ w)", "100.0", "cured(", "median"),
        ('WHY = "b"', 'WHY = "c"', "WHY", "does not pass it on"),
    ],
    "zig_zag": [
        ("delta * a", "-delta * a", "weight_gradient(", "no minus"),
        (" or np.all(turned < 0)", "", "in_one_step(", "reversed is reachable"),
        ("bool(np.all(turned > 0) or np.all(turned < 0))", "True", "in_one_step(", "single weight"),
    ],
    "kinks": [
        ("np.sort(-b / w)", "np.sort(b / w)", "kinks(", "The sign"),
        (" + relu(x - 1)", "", "tent(4.0)", "stop falling"),
        ("1 + n * (n + 1) // 2", "2**n", "regions(3)", "make 7"),
    ],
    "gain": [
        ("math.sqrt(np.sum(value(f) ** 2 * density) * (x[1] - x[0]))", "2**-0.5", "gain('tanh')", "ReLU's gain alone"),
        ("gain(f) / math.sqrt(fan_in)", "gain(f) / fan_in", "deviation('relu', 64)", "its root"),
        ("0.5**depth", "0.5", "signal('relu', 10)", "each layer"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_the_model_answer_is_right(name: str) -> None:
    verdict = check(name, ANSWERS / f"{name}.py")
    assert verdict.right, verdict
    assert verdict.values == sum(len(ask.cases) or 1 for ask in exercise(name).asks)


@pytest.fixture
def in_this_process(monkeypatch):
    """Run answers here, without limits: the same reports, without the start of Python."""

    def run(words, output, seconds):
        runner.main(*words)
        output.touch()
        return 0

    monkeypatch.setattr(running, "_in_a_process_of_its_own", run)
    monkeypatch.setattr(runner, "limit", lambda seconds: None)
    monkeypatch.setattr(runner.sys, "path", list(runner.sys.path))


@pytest.mark.parametrize("name", names())
def test_wrong_answers_fail_with_the_hint_that_fits(name, tmp_path, in_this_process) -> None:
    text = (ANSWERS / f"{name}.py").read_text()
    assert len(WRONG[name]) >= 2
    for right, wrong, where, hint in WRONG[name]:
        assert text.count(right) >= 1, right
        path = tmp_path / "my_answer.py"
        path.write_text(text.replace(right, wrong))
        verdict = check(name, path)
        assert not verdict.right, wrong
        assert verdict.where.startswith(where), (verdict, wrong)
        assert hint in verdict.hint, (verdict, wrong)


@pytest.mark.parametrize("name", names())
def test_no_foreseen_mistake_is_right(name: str) -> None:
    for ask in exercise(name).asks:
        for mistake in ask.mistakes:
            if ask.judge or (isinstance(mistake.wrong, str) and ask.cases):
                continue
            with np.errstate(all="ignore"):
                given = [
                    mistake.wrong(*c) if callable(mistake.wrong) else mistake.wrong
                    for c in ask.cases or ((),)
                ]
            same = [
                agrees(g, truth(ask, c), ask.tolerance, ask.absolute)
                for g, c in zip(given, ask.cases or ((),), strict=True)
            ]
            assert not all(same), (ask.name, mistake.hint)


def test_every_starter_is_python_and_not_an_answer(tmp_path, in_this_process) -> None:
    from nonlin.errors import InvalidInput

    for name in names():
        path = tmp_path / "my_answer.py"
        path.write_text(exercise(name).starter)
        try:
            assert not check(name, path).right
        except InvalidInput as refused:
            raise AssertionError(f"{name}: {refused}") from refused


def test_every_exercise_has_an_answer_and_mistakes() -> None:
    assert {path.stem for path in ANSWERS.glob("*.py")} == set(names()) == set(WRONG)
