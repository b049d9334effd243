"""Writing of a file, so that nobody ever finds half of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sdcompile.scratch import scratch_folder


@contextmanager
def in_one_go(path: Path | str) -> Iterator[Path]:
    """Lend a temporary path in the same folder, and move it into place only when all went well.

    Parameters
    ----------
    path
        Where the file shall be in the end; its folder is made if it is not there.

    Yields
    ------
    Path
        Where to write. If the block fails, it is removed, and what was at ``path`` before stays as it was.

    Examples
    --------
    >>> with in_one_go("out/table.csv") as scratch:  # doctest: +SKIP
    ...     table.to_csv(scratch)
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(path.parent) as folder:
        scratch = folder / path.name
        yield scratch
        scratch.replace(path)
