"""The lab: experiments that show by numbers what activation functions do; one question, one file.

>>> from nonlin.lab import run
>>> run("one-neuron").answer
'saturates'
"""

from __future__ import annotations

from nonlin.lab.conducting import run
from nonlin.lab.experiment import Experiment, find, names
from nonlin.lab.record import Record

__all__ = ["Experiment", "Record", "find", "names", "run"]
