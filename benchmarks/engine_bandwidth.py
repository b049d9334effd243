"""Bandwidth between the caches of this machine and one processor, by a small C loop.

The loop is ``a = b + 3 c`` over three rows that fit the first or the second cache, built by the engine's own
compiler for the engine's own target; 24 bytes an element.
"""

from __future__ import annotations

import ctypes
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from sdcompile.run.compiler import find_compiler, targets

FIRST = 24 * 1024
SECOND = 384 * 1024
_BYTES = 24
_TOUCHED = 2_000_000_000

TRIAD = r"""
#include <stdint.h>
void triad(double *restrict a, const double *restrict b, const double *restrict c,
           int64_t count, int64_t repeats) {
    for (int64_t k = 0; k < repeats; k++) {
        for (int64_t i = 0; i < count; i++) a[i] = b[i] + 3.0 * c[i];
        __asm__ volatile("" : : "r"(a) : "memory");
    }
}
"""


def bandwidth(size: int) -> float:
    """Measure bytes a second of one thread over rows of ``size`` bytes in all; 0 without a C compiler."""
    compiler = find_compiler()
    if compiler is None:
        return 0.0
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "triad.so"
        compiler.build(TRIAD, targets()[0], 1, library)
        triad = ctypes.CDLL(str(library)).triad
        count = size // _BYTES
        rows = [_row(count, value) for value in (0.0, 1.0, 2.0)]
        repeats = max(1, _TOUCHED // (_BYTES * count))
        arguments = [ctypes.c_void_p(row.ctypes.data) for row in rows]
        taken = []
        for _ in range(5):
            start = time.perf_counter()
            triad(*arguments, ctypes.c_int64(count), ctypes.c_int64(repeats))
            taken.append(time.perf_counter() - start)
    return _BYTES * count * repeats / statistics.median(taken)


def _row(count: int, value: float) -> np.ndarray:
    """Return a row that starts where vectors may start."""
    room = np.full(count + 8, value)
    start = (-room.ctypes.data % 64) // 8
    return room[start : start + count]
