"""A folder with the model file and the tables of one footprint, made once and kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from sdcompile.cache import cache_folder, file_sums, find, key_of, remember
from sdcompile.digests import code_digest, file_digest, folder_digests

from dudley_sd.folders import MODEL_FILE, PACKAGE, inputs_folder, models_folder
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.projection_choice import PUBLISHED, split_choice
from dudley_sd.inputs.scaling import Scaling

if TYPE_CHECKING:  # what prepares the tables is imported when they are not in the cache
    import xarray as xr

    from dudley_sd.inputs.model_data import ModelData

SHELF = "models"
"""Kind of entry in the cache."""

AREA_FILE = "area.json"
"""What results say of an area, beside the model file and its tables."""


@dataclass(frozen=True)
class Area:
    """What results say of an area and of the projection of its people.

    Attributes
    ----------
    extrapolated
        Mid-years beyond the projection table, in which the rates of its last year carry on.
    projection
        Attributes of the table of people: source, base, area, where it ends.
    scaling
        How sizes follow from those of the model file, where these are another area's.
    indicative
        Why results are no more than indicative; empty where the figures are the area's own.
    estimated
        Mid-years before the projection: history.
    fifths_indicative
        Why figures by deprivation fifth are no more than indicative; empty where they are the area's own.
    """

    extrapolated: tuple[int, ...]
    projection: dict[str, str]
    scaling: Scaling | None
    indicative: str
    estimated: tuple[int, ...]
    fifths_indicative: str


@dataclass(frozen=True)
class ModelFolder:
    """What an engine needs to run a footprint, and what the results say of it.

    Attributes
    ----------
    path
        Folder with the model file and ``data/``.
    key
        Hash of the model file and the tables, wherever they were read from.
    area
        What results say of the area.
    """

    path: Path
    key: str
    area: Area


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
    from dudley_sd.inputs.model_data import prepare

    data = prepare(footprint, inputs_folder(), population=population)
    text = (model_file or models_folder() / MODEL_FILE).read_text(encoding="utf-8")
    key = _key(text, data)
    path = remember(SHELF, key[:24], lambda folder: _write(folder, text, data))
    return ModelFolder(path, _content_key(path), _described(data))


def prepared_area(footprint: Footprint, projection: str = PUBLISHED) -> ModelFolder:
    """Prepare the tables of an area on a projection of its people, see `prepared_folder`.

    They are kept in the user's cache, and the last ones by this process, by the content of all files and of
    the code that they depend on.

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
    file = split_choice(projection)[0]
    table = file_digest(file) if Path(file).is_file() else ""
    model = models_folder() / MODEL_FILE
    files = (f"{name} {digest}" for name, digest in folder_digests(inputs_folder()).items())
    code = code_digest(PACKAGE / "inputs", PACKAGE / "runs")
    areas = area_content(footprint)
    key = key_of(code, *areas, projection, table, file_digest(model), *files)
    place = (str(cache_folder()), key)
    kept, path = _PREPARED.get(place), find(SHELF, key)
    if kept is None or path is None:
        path = path or remember(SHELF, key, lambda folder: _prepare(folder, footprint, projection))
        area = TypeAdapter(Area).validate_json((path / AREA_FILE).read_bytes())
        while len(_PREPARED) >= AREAS_KEPT:
            _PREPARED.pop(next(iter(_PREPARED)), None)
        kept = _PREPARED[place] = ModelFolder(path, _content_key(path), area)
    return kept


AREAS_KEPT = 64
_PREPARED: dict[tuple[str, str], ModelFolder] = {}


def area_content(footprint: Footprint) -> list[str]:
    """Content of an area, of those whose rates and sizes it borrows, and of their tables.

    The user's own areas lie outside the folder of inputs, and their tables may.
    """
    inputs = inputs_folder()
    named = dict.fromkeys(name for name in (footprint.projected_like, footprint.sized_like) if name)
    areas = [footprint, *(read_footprint(name, inputs) for name in named)]
    tables = [inputs / name for area in areas for name in area.tables]
    return [*(area.model_dump_json() for area in areas), *file_sums(inputs, [str(path) for path in tables])]


def _content_key(folder: Path) -> str:
    return key_of(*(part for each in folder_digests(folder, (".mdl", ".csv")).items() for part in each))


def _prepare(folder: Path, footprint: Footprint, projection: str) -> None:
    from dudley_sd.inputs.model_data import prepare
    from dudley_sd.inputs.model_text import refuse_other_elements
    from dudley_sd.inputs.projections import read_projection

    refuse_other_elements(models_folder() / MODEL_FILE, inputs_folder())
    people = read_projection(projection, footprint, inputs_folder())
    data = prepare(footprint, inputs_folder(), population=people)
    _write(folder, (models_folder() / MODEL_FILE).read_text(encoding="utf-8"), data)


def _write(folder: Path, text: str, data: ModelData) -> None:
    from dudley_sd.inputs.model_data import write_model_data

    write_model_data(data, folder / "data")
    (folder / MODEL_FILE).write_text(text, encoding="utf-8", newline="\n")
    (folder / AREA_FILE).write_bytes(TypeAdapter(Area).dump_json(_described(data)))


def _described(data: ModelData) -> Area:
    extrapolated, estimated = (
        tuple(int(year) for year in data.trajectory["year"][data.trajectory[name]])
        for name in ("extrapolated", "estimated")
    )
    about = {key: str(value) for key, value in data.trajectory.attrs.items() if key != "file"}
    return Area(extrapolated, about, data.scaling, data.indicative, estimated, data.fifths_indicative)


def _key(text: str, data: ModelData) -> str:
    digest = hashlib.sha256(text.encode("utf-8"))
    for name, table in sorted(data.tables.items()):
        digest.update(name.encode("utf-8"))
        digest.update(table.to_csv(lineterminator="\n").encode("utf-8"))
    digest.update(version("pysd").encode("utf-8"))
    return digest.hexdigest()
