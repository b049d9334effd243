"""A system-dynamics model of Dudley's health and care system, 2018-2033."""

from dudley_sd.api import run
from dudley_sd.errors import InputError

__all__ = ["InputError", "run"]
