"""Saved plan in a TOML file: a request with a name and reasons, for people and for the command line."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Callable, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
)
from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean, nearest
from sdcompile.read.levers import lever_values
from sdcompile.read.model import read_model

from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
from dudley_sd.inputs.areas import read_area
from dudley_sd.inputs.bounded_files import Bounds, read_bytes
from dudley_sd.inputs.projection_choice import PUBLISHED
from dudley_sd.inputs.toml_files import how_to_write, parse_toml, short_text
from dudley_sd.request import NAME_LENGTH, PORTFOLIO, REASON_LENGTH, Request
from dudley_sd.settings.contracts import AS_NOW, read_contract
from dudley_sd.settings.former_names import renewed_decisions, renewed_portfolio
from dudley_sd.settings.futures import read_scenario
from dudley_sd.settings.portfolios import read_portfolio

FORMAT = 1
LARGEST = 100_000
"""Bytes of a plan file; every lever with a reason of a paragraph fits."""

MOST_LEVERS = 500
ENDING = ".toml"
TITLE = "Plan from the dashboard"
"""Name where the user gives none."""

HEAD = """\
# A plan of dudley_sd: what was decided and assumed. Run it with: dudley-sd run --from {name}
# A model, not a forecast.
"""
REMEDIES = {
    "extra_forbidden": "Take it out",
    "missing": "Add it",
    "too_long": "Shorten it",
    "string_too_long": "Shorten it",
}


def _one_line(text: str) -> str:
    """Make one line of a text; what cannot be printed may make it look like another."""
    line = " ".join(text.split())
    if not line.isprintable():
        raise ValueError("holds characters that cannot be shown")
    return line


def _with_value(setting: object) -> object:
    """Take a number alone for a value without a reason."""
    return {"value": setting} if isinstance(setting, int | float) else setting


Line = Annotated[str, AfterValidator(_one_line)]


class Setting(BaseModel):
    """A lever put to a value, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    value: float
    reason: Line = Field("", max_length=REASON_LENGTH)


class SavedPlan(BaseModel):
    """A request with a name and reasons, as a file holds it.

    Attributes
    ----------
    format
        Version of the layout.
    title
        Name that the user chose.
    date
        When it was written.
    model_version
        Version of dudley_sd that wrote it; empty if unknown.
    reason
        Why this plan, in the user's words.
    scenarios, portfolio, contract, footprints, projection
        Keys, as ``dudley-sd run`` takes them.
    levers
        Constants of the model to set, by name or element.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Annotated[int, Field(ge=1)] = FORMAT
    title: Line = Field(min_length=1, max_length=NAME_LENGTH)
    date: date
    model_version: Line = Field("", max_length=40)
    reason: Line = Field("", max_length=REASON_LENGTH)
    scenarios: list[str] = Field(min_length=1, max_length=20)
    portfolio: str
    contract: str = AS_NOW
    footprints: list[str] = Field(min_length=1, max_length=50)
    projection: str = Field(PUBLISHED, max_length=1000)
    levers: dict[str, Annotated[Setting, BeforeValidator(_with_value)]] = Field({}, max_length=MOST_LEVERS)
    _notes: tuple[str, ...] = PrivateAttr(())

    @property
    def notes(self) -> tuple[str, ...]:
        """What an older file named otherwise, and what stands for it, in sentences."""
        return self._notes

    @property
    def request(self) -> Request:
        """What to run."""
        settings = {name: setting.value for name, setting in self.levers.items()}
        return Request(
            self.scenarios, self.portfolio, self.contract, self.footprints, self.projection, settings
        )

    @classmethod
    def of(
        cls,
        request: Request,
        title: str = "",
        reason: str = "",
        reasons: Mapping[str, str] | None = None,
    ) -> SavedPlan:
        """Return a request under a name.

        Parameters
        ----------
        request
            What to run.
        title, reason
            What the user calls it, and why it is as it is.
        reasons
            Why a setting has its value, by its name.

        Raises
        ------
        InputError
            If title or reasons are too long or hold what cannot be shown.
        """
        why = reasons or {}
        levers = {name: Setting(value=value, reason=why.get(name, "")) for name, value in request.settings}
        try:
            return cls(
                title=title or TITLE,
                date=date.today(),
                model_version=version("dudley-sd"),
                reason=reason,
                scenarios=list(request.scenarios),
                portfolio=request.portfolio,
                contract=request.contract,
                footprints=list(request.footprints),
                projection=request.projection,
                levers=levers,
            )
        except ValueError:
            problem = "title or reason is too long or holds characters that cannot be shown"
            raise InputError([Fault("plan", "", problem, "Shorten it, or type it again")]) from None

    def toml(self, name: str = "plan.toml") -> str:
        """Return the text of a file that `parse_plan` reads back to the same plan."""
        lines = [HEAD.format(name=name)]
        lines += [f"format = {self.format}", f"title = {_text(self.title)}", f"date = {self.date}"]
        lines += [f"model_version = {_text(self.model_version)}", f"reason = {_text(self.reason)}", ""]
        lines += [f"scenarios = {_list(self.scenarios)}", f"portfolio = {_text(self.portfolio)}"]
        lines += [f"contract = {_text(self.contract)}", f"footprints = {_list(self.footprints)}"]
        lines += [f"projection = {_text(self.projection)}"]
        for lever, setting in self.levers.items():
            lines += ["", f"[levers.{_text(lever)}]", f"value = {setting.value!r}"]
            lines += [f"reason = {_text(setting.reason)}"] if setting.reason else []
        return "\n".join(lines) + "\n"


def read_plan_file(path: Path) -> SavedPlan:
    """Read and check a plan file; see `parse_plan`."""
    remedy = "Choose a file that 'Save plan file' wrote"
    return parse_plan(read_bytes(path, Bounds(file=LARGEST), remedy), str(path))


def parse_plan(content: bytes, name: str) -> SavedPlan:
    """Read a plan from the bytes of a file, which may be anything.

    Parameters
    ----------
    content
        As it came.
    name
        What to call it in messages.

    Raises
    ------
    InputError
        Every fault at once, with key, value and remedy: not TOML, too large, a key that is unknown, missing
        or wrong, a scenario, portfolio, contract, footprint or lever that is not there, a value that is
        outside the limits.
    """
    data = _table(content, name)
    made = data.get("format", FORMAT)
    if isinstance(made, int) and made > FORMAT:
        problem = f"was written by a later version of dudley_sd (format {made}, this one reads {FORMAT})"
        raise InputError([Fault(name, "format", problem, "Install the newer version")])
    data, notes = _renewed(data)
    faults: list[Fault] = []
    try:
        plan = SavedPlan.model_validate(data)
        plan._notes = notes
    except ValidationError as error:
        faults += [_fault(name, each) for each in error.errors()]
    faults += [*_unknown_names(name, data), *_lever_faults(name, data)]
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    return plan


def _renewed(data: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Put what stands for former names into what a file holds, with sentences on what changed."""
    portfolio = data.get("portfolio")
    notes: tuple[str, ...] = ()
    if isinstance(portfolio, str):
        portfolio, notes = renewed_portfolio(portfolio, PORTFOLIO)
        data = data | {"portfolio": portfolio}
    if isinstance(levers := data.get("levers"), dict):
        whole = {name: each if isinstance(each, dict) else {"value": each} for name, each in levers.items()}
        renamed, more = renewed_decisions(whole)
        data, notes = (data | {"levers": renamed}, (*notes, *more)) if more else (data, notes)
    return data, notes


def _table(content: bytes, name: str) -> dict[str, Any]:
    if len(content) > LARGEST:
        problem = f"is larger than {LARGEST // 1000} kB: no plan file"
        raise InputError([Fault(name, "", problem, "Choose a file that 'Save plan file' wrote")])
    return parse_toml(content, name, "Correct the line, or save the plan again")


def _fault(name: str, found: Mapping[str, Any]) -> Fault:
    place = ".".join(short_text(str(part)) for part in found["loc"]) or "top level"
    kind, value = found["type"], short_text(reprlib.repr(found["input"]))
    if kind == "extra_forbidden":
        near = nearest(str(found["loc"][-1]), [*SavedPlan.model_fields, *Setting.model_fields])
        problem = f"is no key of a plan file, found {value}"
        return Fault(name, place, problem, did_you_mean(near, REMEDIES[kind]))
    if kind == "missing":
        return Fault(name, place, "is missing", REMEDIES[kind])
    if kind == "model_type":
        problem = f"is neither a number nor a table with value and reason, found {value}"
        return Fault(name, place, problem, 'Write it so: "coverage[MDT]" = 0.8')
    problem = f"{found['msg'].removeprefix('Value error, ')}, found {value}"
    return Fault(name, place, problem, REMEDIES.get(kind) or how_to_write(kind) or "Correct the value")


def _unknown_names(name: str, data: Mapping[str, Any]) -> list[Fault]:
    """Faults of names that no file of this installation has; values of another kind are told elsewhere."""
    inputs = inputs_folder()
    readers: dict[str, Callable[[str, Path], object]] = {
        "scenarios": read_scenario,
        "portfolio": read_portfolio,
        "contract": read_contract,
        "footprints": read_area,
    }
    faults = []
    for key, read in readers.items():
        given = data.get(key, [])
        for each in (given if isinstance(given, list) else [given])[:50]:
            if not isinstance(each, str):
                continue
            try:
                read(each, inputs)
            except InputError as error:
                problem, remedy = error.faults[0].problem, error.faults[0].remedy
                faults.append(Fault(name, key, f"{problem}, found {short_text(reprlib.repr(each))}", remedy))
    return faults


def _lever_faults(name: str, data: Mapping[str, Any]) -> list[Fault]:
    given = data.get("levers", {})
    if not isinstance(given, dict) or len(given) > MOST_LEVERS:
        return []
    values = {
        lever: setting.get("value") if isinstance(setting, dict) else setting
        for lever, setting in given.items()
    }
    numbers = {
        lever: value
        for lever, value in values.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    try:
        lever_values(read_model(models_folder() / MODEL_FILE), numbers)
    except InputError as error:
        return [
            Fault(name, f"levers.{short_text(fault.where)}", short_text(fault.problem, 200), fault.remedy)
            for fault in error.faults
        ]
    return []


def _text(text: str) -> str:
    """Write a TOML basic string; JSON escapes the same letters, but for the one that deletes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: list[str]) -> str:
    return f"[{', '.join(_text(text) for text in texts)}]"
