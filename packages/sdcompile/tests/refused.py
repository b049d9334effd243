"""Small model files that are refused, written around what each test has wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sdcompile import compile
from sdcompile.errors import InputError

CONTROL = "FINAL TIME = 4~~|\nINITIAL TIME = 0~~|\nSAVEPER = TIME STEP~~|\nTIME STEP = 1~~|\n"
SKETCH = "\n\\\\\\---/// Sketch\nV300\n*View 1\n///---\\\\\\\n:L<%^E!@\n"
HEAD = '<?xml version="1.0"?>\n<xmile version="1.0" xmlns="{namespace}" xmlns:maker="urn:maker">\n'
NAMESPACE = "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"
SPECS = '<sim_specs method="Euler" time_units="Year"><start>0</start><stop>4</stop><dt>1</dt></sim_specs>\n'


def vensim(folder: Path, equations: str, settings: str = "", control: str = CONTROL) -> str:
    (folder / "bad.mdl").write_text(
        "{UTF-8}\n" + equations + control + (SKETCH + settings if settings else ""), encoding="utf-8"
    )
    return refusal(folder / "bad.mdl")


def xmile(folder: Path, variables: str, specs: str = SPECS, before: str = "") -> str:
    text = HEAD.format(namespace=NAMESPACE) + specs + before
    path = folder / "bad.xmile"
    path.write_text(
        f"{text}<model><variables>\n{variables}\n</variables></model></xmile>\n", encoding="utf-8"
    )
    return refusal(path)


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        compile(path, engine="numpy")
    message = str(caught.value)
    assert f"  {path.name}, " in message
    for riddle in ("list index", "Traceback", "expr_type", "NoneType", "PathLike"):
        assert riddle not in message
    return message
