"""Hard Mish: a Mish of polynomial pieces; f(x) = x min(max(x + 2, 0), 2) / 2."""

from nonlin.vocabulary import Bounded, Definition, Minimum, Slope, Twin, Value, where, x

hard_mish = Definition(
    formula=where(x <= -2, 0, where(x < 0, x * (x + 2) / 2, x)),
    source="Misra (2019), H-Mish: github.com/digantamisra98/H-Mish",
    twins={
        "timm": Twin(
            "hard_mish", "timm.layers.HardMish", "timm.layers.HardMishMe", kink="steeper",
            differs="theirs is NaN at -inf, where the limit is 0 (as silu: pytorch#195197)",
        ),
    },
    claims=[
        Value(at=-3, is_=0), Value(at=4, is_=4), Slope(at=-2, is_=0), Slope(at=0, is_=1), Bounded(below=-0.5),
        Minimum(at=-1, is_=-0.5),
    ],
)  # fmt: skip
