"""What is known of the model, read once when first asked for: variables, links, numbers, sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from dudley_sd.describe.catalogue import Catalogue, read_catalogue
from dudley_sd.inputs.parameters import SOURCES, read_parameters
from dudley_sd.inputs.tables import read_table
from dudley_sd.places import inputs_folder, models_folder
from dudley_sd.runs.model_folder import MODEL_FILE


@dataclass(frozen=True)
class Knowledge:
    """Model, numbers and publications.

    Attributes
    ----------
    catalogue
        Variables with what acts on them and where they are used.
    parameters
        Every row of ``parameters.csv``.
    sources
        Rows of ``sources.csv``, index = id.
    sentences
        What each sector asks or holds, as the model file says, by name.
    """

    catalogue: Catalogue
    parameters: pd.DataFrame
    sources: pd.DataFrame
    sentences: dict[str, str]


@cache
def knowledge() -> Knowledge:
    """Read model file, parameters and sources.

    Raises
    ------
    InputError
        Any fault of these files.
    """
    inputs = inputs_folder()
    numbers, publications = inputs / "parameters.csv", inputs / "sources.csv"
    parameters = read_parameters(numbers, publications).table
    catalogue = read_catalogue(models_folder() / MODEL_FILE, parameters)
    entries = catalogue.equations.source.entries
    return Knowledge(
        catalogue,
        parameters,
        read_table(publications, SOURCES).set_index("id"),
        {entry.name: entry.sentence for entry in entries if entry.kind == "group"},
    )
