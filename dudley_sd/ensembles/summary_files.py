"""Which files in a folder are those of a summary? All of one summary, and none of another beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sdcompile.errors import Fault
from sdcompile.scratch import scratch_folder

from dudley_sd.results.export import put_in_place

LIST = "summary.json"
"""Names the store, and the files of its latest summary, which a later one may replace or take away."""

TABLES = (
    "bands.csv",
    "thresholds.csv",
    "gain.csv",
    "break_even.csv",
    "what_matters.csv",
    "areas.csv",
    "drawn.csv",
    "left_out.csv",
)


def listed(folder: Path) -> list[str]:
    """Names of the files of the summary in a folder; none where there is no list that can be read."""
    names = _list(folder).get("files")
    found = names if isinstance(names, list) else []
    return [name for name in found if isinstance(name, str) and Path(name).name == name]


def refuse_others(folder: Path, store: Path) -> list[Fault]:
    """Say which files in a folder would be lost or mixed up: another store's, or somebody's own."""
    remedy = "Name another folder with --out, or take the file away yourself"
    of = _list(folder).get("store")
    if of not in (None, store.name):
        return [Fault(str(folder), LIST, f"the folder holds the summary of {of}", remedy)]
    known = listed(folder)
    return [
        Fault(str(folder / name), "", "is there already, and no summary that is known wrote it", remedy)
        for name in (*TABLES, f"{store.stem}.xlsx")
        if name not in known and (folder / name).exists()
    ]


@contextmanager
def put_summary(folder: Path, store: Path) -> Iterator[Path]:
    """Lend a folder to write a summary to; move all of it into place, and what is of an earlier one away.

    Parameters
    ----------
    folder
        Where the files shall be in the end; made if it is not there.
    store
        Of which ensemble.

    Raises
    ------
    InputError
        If a file cannot be moved; everything is as it was.
    """
    fresh = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    before = listed(folder)
    try:
        with scratch_folder(folder) as hidden:
            scratch = hidden / "files"
            scratch.mkdir()
            yield scratch
            made = sorted(scratch.iterdir(), key=lambda path: (path.suffix == ".xlsx", path.name))
            names = [path.name for path in made]
            content = {"store": store.name, "files": names}
            (scratch / LIST).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
            put_in_place([*made, scratch / LIST], folder, hidden / "aside")
            for name in before:
                if name not in names:
                    (folder / name).unlink(missing_ok=True)
    except BaseException:
        if fresh and not any(folder.iterdir()):
            folder.rmdir()
        raise


def _list(folder: Path) -> dict[str, object]:
    try:
        content = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
