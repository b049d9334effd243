"""Which area is modelled, and which of its figures are used?"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from dudley_sd.inputs.toml_files import read_named


class Footprint(BaseModel):
    """One area: what to call it and where its own figures are.

    Attributes
    ----------
    id, name
        Key in results and on the command line; name on charts.
    area_code
        ONS code of the area in the population table.
    other_codes
        Codes of areas with the same boundary, which official files may use instead.
    population
        Population projection, relative to the folder of inputs.
    components
        Recent births, deaths and migration, relative to the folder of inputs; ``None``: England rates
        unscaled.
    note
        What a reader should know before relying on the figures.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    area_code: str = Field(pattern=r"^[A-Z]\d{8}$")
    other_codes: tuple[str, ...] = ()
    population: str
    components: str | None = None
    note: str = ""


def read_footprint(name: str, inputs: Path) -> Footprint:
    """Read ``footprints/<name>.toml`` under the folder of inputs.

    Raises
    ------
    InputError
        If there is no such footprint (the nearest are suggested), the file is not TOML, or a key is unknown,
        missing or wrong; all at once.
    """
    return read_named("footprints", name, Footprint, inputs)
