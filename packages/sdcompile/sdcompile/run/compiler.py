"""C compiler of the machine at hand, and the libraries that it builds."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sdcompile.application import APPLICATION

FLAGS = (
    "-std=gnu11",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fPIC",
    "-shared",
)
"""No -ffast-math and no fused multiply-add: every target and number of lanes gives the same bits.

One run alone is a fifth faster at -O3; runs side by side are as fast at -O2, built in half the time."""

TIME_LIMIT = 300
SUMMARY = 300
"""Letters of a compiler's message that are shown in a warning."""


_LEVELS = {
    "x86-64-v4": ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
    "x86-64-v3": ("avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"),
    "x86-64-v2": ("sse4_2", "ssse3", "popcnt", "cx16"),
}
_LANES = {"x86-64-v4": 8, "x86-64-v3": 4, "x86-64-v2": 2, "arm64": 2, "plain": 2}


class BuildError(Exception):
    """A library that could not be built or is not to be trusted; the message is the compiler's own."""

    @property
    def summary(self) -> str:
        """The line of the message that says most."""
        lines = [line.strip() for line in str(self).splitlines() if line.strip()]
        telling = [line for line in lines if "error:" in line] or lines[-1:]
        return telling[0][:SUMMARY] if telling else "the compiler failed and said nothing"


@dataclass(frozen=True)
class Compiler:
    """A C compiler: how to call it, and what tells it from another."""

    command: tuple[str, ...]
    identity: str

    @property
    def is_zig(self) -> bool:
        """Whether it is Zig's, which spells targets its own way."""
        return "ziglang" in self.command

    def build(self, text: str, target: Target, lanes: int, to: Path) -> None:
        """Compile a text into a library."""
        source = to.with_suffix(".c")
        source.write_text(text, encoding="utf-8")
        command = [*self.command, *self.flags(target, lanes), "-o", str(to), str(source), "-lm"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=TIME_LIMIT, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BuildError(f"{' '.join(command)}: {error}") from error
        if done.returncode != 0:
            said = done.stderr.strip()[-4000:] or f"it ended with {done.returncode} and said nothing"
            raise BuildError(f"{' '.join(command)}\n{said}")
        if not to.is_file():
            raise BuildError(f"{' '.join(command)}\nit said that all is well and wrote nothing")
        source.unlink()

    def flags(self, target: Target, lanes: int) -> list[str]:
        """Say what to compile for."""
        flags = ["-O3" if lanes == 1 else "-O2", *FLAGS, f"-DW={lanes}"]
        if target.name.startswith("x86-64") and self.is_zig:
            flags.append(f"-mcpu={target.name.replace('-', '_')}")
        elif target.name.startswith("x86-64"):
            flags.append(f"-march={target.name}")
        if target.name == "x86-64-v4":
            flags.append("-mprefer-vector-width=512")
        return flags


@dataclass(frozen=True)
class Target:
    """A kind of machine, and how many runs it works out side by side."""

    name: str

    @property
    def lanes(self) -> int:
        """Runs side by side."""
        return _LANES[self.name]


def advice() -> str:
    """Say how to come by a compiler."""
    extra = f"{APPLICATION.distribution}[compiler]"
    return f"install a C compiler (cc) or the extra 'compiler': pip install '{extra}'"


def find_compiler() -> Compiler | None:
    """Return the system's compiler, else the ``ziglang`` wheel's, else None."""
    found = shutil.which("cc")
    if found:
        real = Path(found).resolve()
        stat = real.stat()
        return Compiler((found,), f"{real} {stat.st_size} {stat.st_mtime_ns}")
    wheel = importlib.util.find_spec("ziglang")
    if wheel and wheel.origin:
        stat = Path(wheel.origin).stat()
        return Compiler((sys.executable, "-m", "ziglang", "cc"), f"{wheel.origin} {stat.st_mtime_ns}")
    return None


@cache
def targets() -> tuple[Target, ...]:
    """List the kinds of machine this one is, the most able first."""
    machine = platform.machine().lower()
    if machine in ("arm64", "aarch64"):
        return (Target("arm64"),)
    if machine not in ("x86_64", "amd64"):
        return (Target("plain"),)
    able = _abilities()
    names = [name for name, needed in _LEVELS.items() if able.issuperset(needed)]
    return (*[Target(name) for name in names], Target("plain"))


def _abilities() -> frozenset[str]:
    """Read what the processor can do; where the system does not say, assume nothing."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("flags"):
                return frozenset(line.split())
    except OSError:
        pass
    return frozenset()
