"""Request: what to run, as one object that can be compared, kept, written down and read back."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np
from sdcompile.names import same_name
from sdcompile.read.levers import Lever, lever_address, levers
from sdcompile.read.model import read_model

from dudley_sd.folders import MODEL_FILE, models_folder
from dudley_sd.inputs.projection_choice import PUBLISHED, choice_text
from dudley_sd.settings.contracts import AS_NOW, CONTRACT_LEVERS
from dudley_sd.settings.futures import REFERENCE
from dudley_sd.settings.portfolios import DECISION_LEVERS, INTERVENTION_LEVERS, NO_PORTFOLIO

SCENARIO, PORTFOLIO, CONTRACT, FOOTPRINT, PROJECTION = (
    "official_future",
    "as_evidenced",
    AS_NOW,
    "dudley",
    PUBLISHED,
)
"""What is run where nothing is said."""

CHOICES = ("scenario", "portfolio", "contract", "footprint", "projection")
"""Choices of a request by the key that stands for each in an address."""

NAME_LENGTH, REASON_LENGTH = 120, 1000
"""Letters of the name of a saved plan, and of its reason."""

VERSION = 1
"""Version of the layout of an address."""

DECISIONS = frozenset(same_name(name) for name in (*INTERVENTION_LEVERS, *DECISION_LEVERS, *CONTRACT_LEVERS))
"""Constants that portfolios and contracts set: a setting of one of them is a decision, not of the world."""


@dataclass(frozen=True, init=False)
class Request:
    """Futures, areas, a portfolio, a contract, a projection of the people, and settings on top of them.

    Attributes
    ----------
    scenarios, footprints
        Keys, one run for each future in each area.
    portfolio, contract, projection
        Keys, or a projection file, as `dudley_sd.run` takes them.
    settings
        Constants of the model that the user set, by name or element and in that order:
        ``(("coverage[MDT]", 0.8),)``.
    """

    scenarios: tuple[str, ...]
    portfolio: str
    contract: str
    footprints: tuple[str, ...]
    projection: str
    settings: tuple[tuple[str, float], ...]

    def __init__(
        self,
        scenarios: str | Iterable[str] = SCENARIO,
        portfolio: str = PORTFOLIO,
        contract: str = CONTRACT,
        footprints: str | Iterable[str] = FOOTPRINT,
        projection: str = PROJECTION,
        settings: Mapping[str, float] | Iterable[tuple[str, float]] = (),
    ) -> None:
        """Take one key or several for futures and areas, and settings as a mapping or as pairs.

        The reference scenario, alone, has no portfolio and the contract as now.
        """
        scenarios = (scenarios,) if isinstance(scenarios, str) else tuple(scenarios)
        if set(scenarios) == {REFERENCE}:
            portfolio, contract = NO_PORTFOLIO, AS_NOW
        values = {
            "scenarios": scenarios,
            "portfolio": portfolio,
            "contract": contract,
            "footprints": (footprints,) if isinstance(footprints, str) else tuple(footprints),
            "projection": projection,
            "settings": tuple(sorted((name, _number(value)) for name, value in dict(settings).items())),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def scenario(self) -> str:
        """Key of the future; of several the first."""
        return self.scenarios[0]

    @property
    def footprint(self) -> str:
        """Key of the area; of several the first."""
        return self.footprints[0]

    @property
    def values(self) -> dict[str, float]:
        """Settings by name or element."""
        return dict(self.settings)

    def do_nothing(self) -> Request:
        """Return the same without portfolio, contract and the settings that are decisions."""
        return replace(
            self,
            portfolio=NO_PORTFOLIO,
            contract=AS_NOW,
            settings=tuple(world_settings(self.values).items()),
        )

    def reference_case(self) -> Request:
        """Return Official Future, do nothing and nothing set, in the same areas."""
        return Request(SCENARIO, NO_PORTFOLIO, AS_NOW, self.footprints, self.projection)

    def command(self, command: str = "run", *more: str) -> str:
        """Return the command line that makes the same results, with more words at its end."""
        return shlex.join([*_command_words(command, [self], self.footprints), *more])

    def address(self, rest: Mapping[str, Sequence[str]] | None = None) -> str:
        """Return the part of a page's address after its path: what is not as usual of one future and area.

        Parameters
        ----------
        rest
            What else the address says, by key.
        """
        pairs = [("v", str(VERSION)), *self.pairs(whole=True)]
        pairs += [(key, value) for key, values in sorted((rest or {}).items()) for value in values]
        return "?" + urlencode(pairs, quote_via=quote, safe="[]:,") if len(pairs) > 1 else ""

    def pairs(self, whole: bool = False) -> list[tuple[str, str]]:
        """Keys and values of an address; ``whole`` sets a constant at once where its elements agree."""
        usual = Request()
        found = [(key, getattr(self, key)) for key in CHOICES if getattr(self, key) != getattr(usual, key)]
        settings = as_written(self.values, model_levers()) if whole else self.values
        return found + [("set", f"{name}:{value!r}") for name, value in sorted(settings.items())]

    def json(self) -> dict[str, Any]:
        """Return one future and area as the browser's engine takes them; `from_json` reads it back."""
        return {**{key: getattr(self, key) for key in CHOICES}, "levers": self.values}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Request:
        """Read what `json` returns."""
        scenario, portfolio, contract, footprint, projection = (str(content[key]) for key in CHOICES)
        return cls(scenario, portfolio, contract, footprint, projection, content["levers"])


def compare_command(requests: Sequence[Request], footprints: Sequence[str]) -> str:
    """Return the command line that compares requests which differ in portfolio and contract."""
    return shlex.join(_command_words("compare", requests, footprints))


def _command_words(command: str, requests: Sequence[Request], footprints: Sequence[str]) -> list[str]:
    first = requests[0]
    words = ["dudley-sd", command, *first.scenarios]
    for option, names in (
        ("--portfolio", [each.portfolio for each in requests]),
        ("--contract", [each.contract for each in requests]),
        ("--footprint", footprints),
    ):
        words += repeated_text(option, dict.fromkeys(names))
    words += choice_text(first.projection) if first.projection != PROJECTION else []
    return words + repeated_text("--lever", [f"{name}={value!r}" for name, value in first.settings])


def repeated_text(option: str, values: Iterable[str]) -> list[str]:
    """Words of a command line that give an option several times."""
    return [word for value in values for word in (option, value)]


def _number(value: Any) -> Any:
    """Return a number as Python writes it; whatever else it is, the check of settings refuses it."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return float(value) if number else value


def world_settings(settings: Mapping[str, float]) -> dict[str, float]:
    """Return settings of the outside world, which do nothing shares: all but those on decisions."""
    return {
        name: value for name, value in settings.items() if same_name(lever_address(name)[0]) not in DECISIONS
    }


def model_levers() -> Mapping[str, Lever]:
    """Constants of the model file that may be set, by name."""
    return levers(read_model(models_folder() / MODEL_FILE))


def elements_of(address: str, known: Mapping[str, Lever]) -> list[str]:
    """Return the addresses of all elements of a whole constant; anything else stands for itself."""
    lever = known.get(address)
    return [f"{address}[{each}]" for each in lever.elements] if lever and lever.elements else [address]


def by_element(settings: Mapping[str, float], known: Mapping[str, Lever]) -> dict[str, float]:
    """Return settings with every whole constant as its elements; of two that meet, the later wins."""
    found: dict[str, float] = {}
    for address, value in settings.items():
        found |= dict.fromkeys(elements_of(address, known), value)
    return found


def as_written(settings: Mapping[str, float], known: Mapping[str, Lever]) -> dict[str, float]:
    """Return the shortest settings that `by_element` reads as these: a whole where all its elements agree."""
    wholes = dict.fromkeys(address.partition("[")[0] for address in settings if "[" in address)
    written = dict(settings)
    for whole in wholes:
        elements = elements_of(whole, known)
        values = {settings.get(each) for each in elements}
        if len(values) == 1 and None not in values:
            written = {name: value for name, value in written.items() if name not in elements}
            written[whole] = settings[elements[0]]
    return written
