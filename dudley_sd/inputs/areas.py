"""Areas by the word that a user gives: key of a footprint, code or name of a CCG."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean

from dudley_sd.inputs.footprints import Footprint, Total, footprint_files, read_area_file
from dudley_sd.inputs.toml_files import named_file


def read_area(name: str, inputs: Path) -> Footprint | Total:
    """Read ``<name>.toml`` of the footprints or of the user's areas: an area, or a total with its parts.

    The code or whole name of a CCG will do too: its footprint, or where it has none the one that
    ``dudley-sd area new`` would write.

    Raises
    ------
    InputError
        If there is no such footprint or CCG (the nearest are suggested), the file is not TOML, a key is
        unknown, missing or wrong, or a part or model area is no area of its own; all at once.
    """
    files = footprint_files(inputs)
    if name not in files:
        from dudley_sd.inputs.new_areas import ccg_area, near_ccgs

        area = ccg_area(name, inputs)
        if area is not None:
            return area
    try:
        path = named_file("footprints", name, inputs, files)
    except InputError as error:
        suggested = all(fault.remedy.startswith(("Did you mean", "Write it so")) for fault in error.faults)
        near = did_you_mean([] if suggested else near_ccgs(name, inputs), "")
        faults = [replace(fault, remedy=f"{near} {fault.remedy}".strip()) for fault in error.faults]
        raise InputError(faults) from None
    return read_area_file(path, inputs)


def read_footprint(name: str, inputs: Path) -> Footprint:
    """Read a footprint that is one area.

    Raises
    ------
    InputError
        As `read_area`; and if it is a total of several areas.
    """
    area = read_area(name, inputs)
    if isinstance(area, Total):
        remedy = f"Name one of its parts: {', '.join(area.parts)}"
        raise InputError([Fault("footprints", repr(name), "is a sum of several areas", remedy)])
    return area
