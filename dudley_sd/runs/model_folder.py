"""A folder with the model file and the tables of one footprint, made once and kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import xarray as xr

from dudley_sd.cache import cache_folder, find, remember
from dudley_sd.digests import file_digest, folder_digests
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.model_data import ModelData, prepare, write_model_data
from dudley_sd.inputs.projections import PUBLISHED, projected_people
from dudley_sd.places import inputs_folder, models_folder

MODEL_FILE = "dudley.mdl"
SHELF = "models"
"""Kind of entry in the cache."""


@dataclass(frozen=True)
class ModelFolder:
    """What an engine needs to run a footprint, and what the results say of it.

    Attributes
    ----------
    path
        Folder with the model file and ``data/``.
    key
        Hash of the model file, the tables and the version of PySD.
    data
        The tables and the reference trajectory they hold.
    """

    path: Path
    key: str
    data: ModelData


def prepared_folder(
    footprint: Footprint, population: xr.DataArray | None = None, model_file: Path | None = None
) -> ModelFolder:
    """Prepare the tables of a footprint beside a copy of the model file, in the user's cache.

    Parameters
    ----------
    footprint
        The area.
    population
        Persons, dims (year, age), to use instead of the footprint's own projection.
    model_file
        Model file to use instead of the one that is shipped.

    Raises
    ------
    InputError
        Any fault of the input files.
    """
    data = prepare(footprint, inputs_folder(), population=population)
    text = (model_file or models_folder() / MODEL_FILE).read_text(encoding="utf-8")
    key = _key(text, data)

    def write(folder: Path) -> None:
        write_model_data(data, folder / "data")
        (folder / MODEL_FILE).write_text(text, encoding="utf-8")

    return ModelFolder(remember(SHELF, key[:24], write), key, data)


def prepared_area(footprint: Footprint, projection: str = PUBLISHED) -> ModelFolder:
    """Prepare the tables of an area on a projection of its people, see `prepared_folder`.

    The last areas are kept by this process, by the content of all files that they depend on.

    Parameters
    ----------
    footprint
        The area.
    projection
        As for `dudley_sd.inputs.projections.read_projection`.

    Raises
    ------
    InputError
        Any fault of the input files, or a projection that is not to be had.
    """
    inputs = inputs_folder()
    model = file_digest(models_folder() / MODEL_FILE)
    table = file_digest(projection) if Path(projection).is_file() else ""
    key = (
        footprint.model_dump_json(),
        projection,
        table,
        model,
        str(cache_folder()),
        *folder_digests(inputs).values(),
    )
    kept = _PREPARED.get(key)
    if kept is None or find(SHELF, kept.path.name) is None:
        kept = prepared_folder(footprint, projected_people(projection, footprint, inputs))
        while len(_PREPARED) >= AREAS_KEPT:
            _PREPARED.pop(next(iter(_PREPARED)), None)
        _PREPARED[key] = kept
    return kept


AREAS_KEPT = 64
_PREPARED: dict[tuple[str, ...], ModelFolder] = {}


def _key(text: str, data: ModelData) -> str:
    digest = hashlib.sha256(text.encode("utf-8"))
    for name, table in sorted(data.tables.items()):
        digest.update(name.encode("utf-8"))
        digest.update(table.to_csv(lineterminator="\n").encode("utf-8"))
    digest.update(version("pysd").encode("utf-8"))
    return digest.hexdigest()
