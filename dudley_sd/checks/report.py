"""Faults of a folder of inputs and a folder with the model file, all in one list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sdcompile.check.lint import model_faults
from sdcompile.errors import Fault, collect
from sdcompile.read.model import Model, read_model

from dudley_sd.checks.citations import citation_faults
from dudley_sd.checks.constants import constant_faults, label_faults, limit_faults, request_faults
from dudley_sd.checks.indicators import indicator_faults
from dudley_sd.checks.input_files import input_file_faults
from dudley_sd.checks.model_tables import alignment_faults, stale_faults, table_name_faults
from dudley_sd.checks.settings import official_future_faults, setting_faults, unused_faults
from dudley_sd.folders import MODEL_FILE
from dudley_sd.indicators import FILE as INDICATORS
from dudley_sd.inputs.areas import read_area
from dudley_sd.inputs.footprints import Footprint, footprint_names
from dudley_sd.inputs.model_data import ModelData, prepare
from dudley_sd.inputs.model_text import MAKE_AGAIN
from dudley_sd.inputs.parameters import Parameters, read_parameters, scan_parameters
from dudley_sd.model_pages import stale_page_faults
from dudley_sd.settings.sizes import sized_model

NO_ELEMENT = "has no element"
"""In what is said of an intervention that the model file does not have yet, beside that it has not."""

SHIPPED = "dudley"
"""The footprint whose tables lie beside the model file, so that Vensim opens it as it is."""


def all_faults(inputs: Path, models: Path) -> list[Fault]:
    """Return every fault of the inputs, of the model file and of how they fit together.

    Parameters
    ----------
    inputs
        Folder of inputs.
    models
        Folder with the model file and, under ``data/``, the tables it reads.

    Returns
    -------
    list of Fault
        Each once; empty when all is sound. What two files say of each other is compared only where both can
        be read and the model file has the elements of the tables, and the pages that describe the model only
        when all else is sound.

    Examples
    --------
    >>> all_faults(Path("inputs"), Path("models"))  # doctest: +SKIP
    []
    """
    faults = [*input_file_faults(inputs), *citation_faults(inputs), *model_faults(models / MODEL_FILE)]
    model = collect([], read_model, models / MODEL_FILE)
    parameters = collect([], read_parameters, inputs / "parameters.csv", inputs / "sources.csv")
    prepared = _prepared(inputs, parameters, faults)
    stale = collect([], label_faults, model, inputs) or [] if model is not None else []
    if model is not None:
        faults += [*stale, *unused_faults(inputs), *setting_faults(inputs, model)]
        faults += _limit_faults(inputs / "parameters.csv", model) if parameters is None else []
    if any(fault.remedy == MAKE_AGAIN for fault in stale):
        return [fault for fault in dict.fromkeys(faults) if NO_ELEMENT not in fault.problem]
    if model is not None:
        faults += collect([], indicator_faults, inputs / INDICATORS, model) or []
        for data in prepared.values():
            collect(faults, sized_model, model, data.scaling)
    if model is not None and parameters is not None:
        faults += constant_faults(inputs / "parameters.csv", parameters, model)
    if parameters is not None:
        faults += official_future_faults(inputs, parameters)
    if parameters is not None and prepared:
        faults += request_faults(inputs / "parameters.csv", parameters)
    if SHIPPED in prepared:
        tables = _table_faults(models, None if stale else model, prepared[SHIPPED])
        faults = _with_tables(models, faults, tables)
    if not faults:
        faults = stale_page_faults(inputs, models)
    return list(dict.fromkeys(faults))


def _limit_faults(path: Path, model: Model) -> list[Fault]:
    """Numbers outside the limits of their lever in a parameter table that has other faults."""
    found = collect([], scan_parameters, path, frozenset())
    return [] if found is None else limit_faults(path, found[0], model)


def _prepared(inputs: Path, parameters: Parameters | None, faults: list[Fault]) -> dict[str, ModelData]:
    """Tables of every footprint that can be prepared; what cannot be is added to the faults."""
    prepared = {}
    for name in footprint_names(inputs):
        footprint = collect(faults, read_area, name, inputs)
        if not isinstance(footprint, Footprint) or parameters is None:
            continue
        data = collect(faults, prepare, footprint, inputs, parameters)
        if data is not None:
            prepared[name] = data
    return prepared


def _table_faults(models: Path, model: Model | None, data: ModelData) -> Sequence[Fault]:
    faults = stale_faults(models / "data", data.tables)
    if model is not None:
        faults += [*table_name_faults(model, data.tables), *alignment_faults(model, data.tables)]
    return faults


def _with_tables(models: Path, faults: list[Fault], tables: Sequence[Fault]) -> list[Fault]:
    """Add the faults of tables, which say how to make them again, in place of what the lint said of them."""
    named = {fault.file for fault in tables}
    of_tables = [fault.file for fault in faults if Path(fault.file).parent == models / "data"]
    named |= {file for file in of_tables if not Path(file).is_file()}
    return [*(fault for fault in faults if fault.file not in named), *tables]
