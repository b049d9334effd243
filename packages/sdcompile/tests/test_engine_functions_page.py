"""The page of functions says what the engine does: each supported function is in a conformance model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sdcompile import compile
from sdcompile.errors import InputError
from sdcompile.functions import page as functions_page
from sdcompile.functions.registry import FUNCTIONS, OPERATIONS, REFUSED
from sdcompile.write.c_functions import OWN
from sdcompile.write.c_prelude import PRELUDE
from sdcompile.write.numpy_functions import NAMES

MODELS = Path(__file__).parent / "conformance" / "models"
ALIKE = ("GET XLS LOOKUPS", "GET XLS SUBSCRIPT")  # PySD reads them with the code of GET DIRECT


def test_the_page_is_the_one_the_code_writes() -> None:
    assert functions_page.PAGE.read_text(encoding="utf-8") == functions_page.page()


def test_every_supported_function_is_in_a_conformance_model() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in MODELS.glob("*.mdl"))
    named = {name for function in FUNCTIONS if function.group for name in function.names}
    missing = [name for name in named - set(ALIKE) if not re.search(rf"(?<![\w]){name}\s*\(", text)]
    assert not missing


@pytest.mark.parametrize("key", sorted(REFUSED))
def test_every_refused_function_is_refused_by_its_name(key: str, tmp_path: Path) -> None:
    calls = {
        "allocate_available": "ALLOCATE AVAILABLE(x[Kind], p[Kind,ptype], 3)",
        "allocate_by_priority": "ALLOCATE BY PRIORITY(x[Kind], x[Kind], 2, 1, 3)",
    }
    call = calls.get(key, f"{REFUSED[key].name}(x[Kind], 1)")
    path = tmp_path / "refused.mdl"
    path.write_text(
        "{UTF-8}\nKind: K1, K2~~|\npp: ptype, ppriority~~|\nx[Kind] = 1, 2~~|\np[Kind,pp] = 1, 2; 3, 4;~~|\n"
        f"a[Kind] = {call}~~|\nFINAL TIME = 1~~|\nINITIAL TIME = 0~~|\nSAVEPER = 1~~|\nTIME STEP = 1~~|\n"
    )
    with pytest.raises(InputError, match=f"variable a: .*{REFUSED[key].name}.* not supported"):
        compile(path)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_is_written_in_every_language(name: str) -> None:
    """A sign, a name in the languages' own libraries, or a text of ours."""
    operation = OPERATIONS[name]
    own = operation.c in PRELUDE if operation.c else name in OWN or f" {name}_s(" in PRELUDE
    assert operation.infix or own or name in ("negative", "and", "or", "not")
    assert operation.infix or operation.javascript or name in ("negative", "and", "or", "not", "select")
    assert callable(eval(operation.numpy, dict(NAMES)))
