"""Advice on activations for a network that is not built yet: one table of rules, with facts and studies behind it."""

from nonlin.advisor.advice import Advice, Recommendation
from nonlin.advisor.advising import advise
from nonlin.advisor.situation import Situation

__all__ = ["Advice", "Recommendation", "Situation", "advise"]
