"""The recipe "Add a page to the dashboard" of CONTRIBUTING, followed in a copy: one module, one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
MODULE = '''"""GP gap in 2033."""

from __future__ import annotations

from dash import Dash, html
from dash.development.base_component import Component

from dudley_dashboard.address import View
from dudley_dashboard.page import Page
from dudley_dashboard.runs import indicators_of


def layout(view: View) -> Component:
    """Heading, and the GP gap of the request of the address."""
    gap = indicators_of(view.request)["gp_gap"].sel(year=2033).squeeze()
    return html.Div([html.H1("How large is the GP gap?"), html.P(f"{float(gap):.1f} WTE in mid-2033")])


def register(app: Dash) -> None:
    """No control moves anything."""


PAGE = Page("/gap", "GP gap", "How large is the GP gap?", layout, register)
'''
VISIT = """
from tests.dashboard.http import PREFIX, make, page
client = make().test_client()
layout = str(client.get(PREFIX + "_dash-layout").get_json())
print("/dash/gap" in layout and "How large is the GP gap?" in layout)
for search in ("", "?footprint=walsall"):
    print(page(client, "/gap", search).get_data(as_text=True))
"""


def test_a_page_is_added_by_a_module_and_a_line(tmp_path: Path):
    """It is in the navigation, and draws the request of its address."""
    copy = shutil.copytree(
        CHECKOUT / "dashboard", tmp_path / "dashboard", ignore=shutil.ignore_patterns("__pycache__")
    )
    pages = copy / "dudley_dashboard" / "pages"
    (pages / "gap.py").write_text(MODULE, encoding="utf-8")
    door = pages / "__init__.py"
    text = door.read_text(encoding="utf-8")
    text = text.replace("pages import ", "pages import gap, ").replace("(\n", "(\n    gap.PAGE,\n", 1)
    door.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", VISIT],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(copy), str(CHECKOUT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    listed, dudley, walsall = done.stdout.splitlines()
    assert listed == "True"
    assert "WTE in mid-2033" in dudley
    assert "WTE in mid-2033" in walsall
    assert dudley != walsall
