"""Contracts: who is paid for what, for how long, and who bears which risk."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dudley_sd.inputs.toml_files import read_named
from dudley_sd.settings.decisions import Decisions, decision_settings, refuse_other_levers
from dudley_sd.settings.former_names import with_notes

AS_NOW = "as_now"
"""Key of the contract under which nothing changes: do nothing."""

CONTRACT_LEVERS = (
    "contract start date",
    "contract length",
    "contract integration",
    "share in contract",
    "covered by contract",
    "contract price",
    "capitation growth",
    "capitation follows funding",
    "saving assumed by contract",
    "saving phased over",
    "share paid up front",
    "management allowance",
    "outcome share",
    "years before outcome payment",
    "gain share",
    "loss share",
    "surplus kept first",
    "surplus kept beyond",
    "reserve",
    "holder is hospital",
    "scale effect",
)
"""Constants of the model that are terms of a contract; neither a scenario nor a portfolio sets them."""


class Contract(BaseModel):
    """The terms of one contract; a term not named is as the model has it.

    Attributes
    ----------
    title, story
        Name, and a paragraph in our own words.
    status
        ``published``: the terms that matter are printed; ``reconstructed``: some are read from words or from
        neighbouring numbers; ``illustrative``: most are assumed, to show what the form can do; ``as_now``: no
        terms, and only there.
    note
        What a reader should know of the source.
    terms
        By lever of the model.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = Field(min_length=1)
    status: Literal["published", "reconstructed", "illustrative", "as_now"]
    story: str = Field(min_length=1)
    note: str
    terms: Decisions = {}

    @model_validator(mode="before")
    @classmethod
    def _of_today(cls, content: Any) -> Any:
        return with_notes(content, "terms")

    @model_validator(mode="after")
    def _sets_terms_only(self) -> Contract:
        if (self.status == "as_now") != (not self.terms):
            raise ValueError("the status as_now says that there are no terms, any other that there are")
        refuse_other_levers(self.terms, CONTRACT_LEVERS, "a contract")
        return self


def contract_names(inputs: Path) -> list[str]:
    """Keys of all contracts, that which is as now first."""
    found = sorted(path.stem for path in (inputs / "contracts").glob("*.toml"))
    return sorted(found, key=lambda name: (name != AS_NOW, name))


def read_contract(name: str, inputs: Path) -> Contract:
    """Read ``contracts/<name>.toml`` under the folder of inputs.

    Raises
    ------
    InputError
        If there is no such contract (the nearest are suggested), the file is not TOML, a key is unknown,
        missing or wrong, or something is set that is no term of a contract.
    """
    return read_named("contracts", name, Contract, inputs)


def contract_settings(contract: Contract) -> dict[str, float]:
    """Constants of the model that a contract sets, by name or element."""
    return decision_settings(contract.terms)
