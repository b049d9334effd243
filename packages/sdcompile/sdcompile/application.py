"""The application that the package works for: its name in messages, its cache, its commands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Application:
    """Name and places of the program whose users see messages and own the cache.

    Attributes
    ----------
    name
        What a warning begins with, and a hidden folder's name holds.
    distribution
        What is installed with pip; the cache is the user's folder of this name.
    cache_variable
        Environment variable that names another folder for the cache.
    levers_command
        Command that lists levers whose name holds a word; empty where there is none.
    """

    name: str = "sdcompile"
    distribution: str = "sdcompile"
    cache_variable: str = "SDCOMPILE_CACHE"
    levers_command: str = ""


APPLICATION = Application()
"""Set once, on import, by a program that brings its own names."""
