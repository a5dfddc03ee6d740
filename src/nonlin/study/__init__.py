"""Activations compared fairly on a person's own data: equal tuning, paired seeds, an interval, a verdict."""

from nonlin.study.conducting import Progress, Study, conduct, study
from nonlin.study.plan import Plan, announcement, default_folder, make_plan
from nonlin.study.settings import ACTIVATIONS, LEARNING_RATES, Settings

__all__ = [
    "ACTIVATIONS",
    "LEARNING_RATES",
    "Plan",
    "Progress",
    "Settings",
    "Study",
    "announcement",
    "conduct",
    "default_folder",
    "make_plan",
    "study",
]
