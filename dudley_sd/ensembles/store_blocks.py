"""Blocks of a store on disk: which are complete and can be read, whatever their marks say."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_sd.ensembles.optional_packages import extra

DONE = "done"
HEADER = 16
"""Bytes that a compressed chunk begins with: among them how long it is, as it is and unpacked."""


@dataclass(frozen=True)
class _Array:
    """One variable with members as it lies on disk."""

    folder: Path
    axis: int
    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    kind: np.dtype
    separator: str

    @property
    def bytes_of_chunk(self) -> int:
        """Length of a chunk, unpacked."""
        return int(np.prod(self.chunks)) * self.kind.itemsize

    def chunk(self, block: int) -> list[Path]:
        """Files of one block of members."""
        places = [range(-(-size // chunk)) for size, chunk in zip(self.shape, self.chunks, strict=True)]
        places[self.axis] = range(block, block + 1)
        return [self.folder / self.separator.join(map(str, place)) for place in product(*places)]


def blocks_done(path: Path, thorough: bool = False) -> np.ndarray:
    """Which blocks are all there, true or false for each.

    Parameters
    ----------
    path
        The store.
    thorough
        Unpack every chunk and look at its numbers too; without it only that it is there, not empty and as
        long as it says it is.
    """
    count = _shape(path / DONE)[0]
    arrays = list(_arrays(path))
    sound = _has_numbers if thorough else _is_long_enough
    found = [
        _is_marked(path, block)
        and all(sound(each, block, chunk) for each in arrays for chunk in each.chunk(block))
        for block in range(count)
    ]
    return np.array(found, dtype=bool)


def clear_blocks(path: Path, blocks: Iterable[int]) -> None:
    """Remove what is there of blocks that are to be run, their marks first: nothing broken is built upon."""
    arrays = list(_arrays(path))
    for block in blocks:
        (path / DONE / str(block)).unlink(missing_ok=True)
        for each in arrays:
            for chunk in each.chunk(block):
                chunk.unlink(missing_ok=True)


def sync_block(path: Path, block: int) -> None:
    """Have the system put a block on the disk, so that its mark never outlives it in a loss of power."""
    arrays = list(_arrays(path))
    for each in arrays:
        for chunk in each.chunk(block):
            _sync(chunk)
    if os.name == "posix":  # elsewhere folders cannot be opened
        for each in arrays:
            _sync(each.folder)


def loaded(ensemble: xr.Dataset, name: str, members: int | None = None) -> xr.DataArray:
    """Read a variable of an ensemble, all or the first members, and refuse it where a number is missing.

    Raises
    ------
    InputError
        If its chunks cannot be read or a member has no number, naming the store and how to mend it.
    """
    store = str(ensemble.encoding.get("source", "the ensemble"))
    values = ensemble[name] if members is None else ensemble[name].isel(member=slice(0, members))
    try:
        missing = ~np.isfinite(values.load().to_numpy())
    except (RuntimeError, OSError, ValueError) as error:  # what Blosc, the system and Zarr raise
        problem = f"cannot be read ({str(error).rstrip('.') or type(error).__name__})"
        raise InputError([Fault(store, f"variable {name}", problem, remedy(ensemble))]) from None
    if missing.any():
        others = tuple(axis for axis, dim in enumerate(values.dims) if dim != "member")
        without = np.flatnonzero(missing.any(axis=others))
        problem = f"{len(without):,} of {values.sizes['member']:,} members have no number"
        problem += f", the first is member {without[0]:,}"
        raise InputError([Fault(store, f"variable {name}", problem, remedy(ensemble))])
    return values


def remedy(ensemble: xr.Dataset) -> str:
    """How to mend the store of an ensemble."""
    try:
        command = json.loads(ensemble.attrs["manifest"])["command"]
    except (KeyError, ValueError):
        return "Run it again"
    return f"Mend it: {resume_command(command, ensemble.encoding.get('source', ''))}"


def resume_command(
    command: str, store: Path | str, workers: int | None = None, dask: str | None = None
) -> str:
    """Return the command that goes on with a store, from the one in its manifest."""
    words = ["--out", str(store), "--resume"]
    words += [] if workers is None else ["--workers", str(workers)]
    words += [] if dask is None else ["--dask", dask]
    return f"{command} {shlex.join(words)}"


def _arrays(path: Path) -> Iterator[_Array]:
    """Every variable that has members and numbers."""
    for folder in sorted(each.parent for each in path.glob("*/.zarray")):
        dims = json.loads((folder / ".zattrs").read_text(encoding="utf-8"))["_ARRAY_DIMENSIONS"]
        about = json.loads((folder / ".zarray").read_text(encoding="utf-8"))
        if "member" not in dims or len(dims) == 1 or not np.prod(about["shape"]):
            continue
        yield _Array(
            folder,
            dims.index("member"),
            tuple(about["shape"]),
            tuple(about["chunks"]),
            np.dtype(about["dtype"]),
            about.get("dimension_separator", "."),
        )


def _shape(folder: Path) -> list[int]:
    shape: list[int] = json.loads((folder / ".zarray").read_text(encoding="utf-8"))["shape"]
    return shape


def _is_marked(path: Path, block: int) -> bool:
    try:
        return (path / DONE / str(block)).read_bytes() == b"\x01"
    except OSError:
        return False


def _is_long_enough(array: _Array, _block: int, chunk: Path) -> bool:
    """Whether a chunk is there and as long as its first bytes say."""
    try:
        with chunk.open("rb") as file:
            header, length = file.read(HEADER), os.fstat(file.fileno()).st_size
    except OSError:
        return False
    unpacked, packed = (int.from_bytes(header[at : at + 4], "little") for at in (4, 12))
    return len(header) == HEADER and (unpacked, packed) == (array.bytes_of_chunk, length)


def _has_numbers(array: _Array, block: int, chunk: Path) -> bool:
    """Whether a chunk can be unpacked and has a number for each of its members."""
    if not _is_long_enough(array, block, chunk):
        return False
    try:
        unpacked = extra("numcodecs").Blosc().decode(chunk.read_bytes())
    except (RuntimeError, OSError, ValueError):
        return False
    size, here = array.shape[array.axis], array.chunks[array.axis]
    members = min(here, size - block * here)
    values = np.moveaxis(np.frombuffer(unpacked, array.kind).reshape(array.chunks), array.axis, 0)
    return bool(np.isfinite(values[:members]).all())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
