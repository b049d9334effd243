"""Table of indicators: its faults are told, and no other product file lists indicators by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import xarray as xr
from sdcompile.errors import InputError
from sdcompile.read.model import read_model

from dudley_sd.checks.indicators import indicator_faults
from dudley_sd.folders import inputs_folder, models_folder
from dudley_sd.indicators import (
    COMPARED,
    FILE,
    JUDGED,
    Selection,
    indicators,
    read_indicators,
    topics,
)
from dudley_sd.ratio import Ratio
from dudley_sd.runs.model_folder import MODEL_FILE

CHECKOUT = Path(__file__).parents[2]
PRODUCT = ("dudley_sd", "dashboard/dudley_dashboard", "packages/sdcompile/sdcompile")
MOST = 2
"""Indicators that a literal may name; one that names more is a list kept by hand."""

EXCEPTIONS = {
    "dudley_sd/validation/behaviour.py": "signs that each loop must give, one claim about the model a row",
    "dudley_sd/validation/published.py": "flows that a stock must keep to",
    "dudley_sd/validation/structure.py": "sectors of the model, some named as an indicator is",
    "dudley_sd/inputs/reference.py": "flows of the projection, which go into the model",
    "dashboard/dudley_dashboard/js/explore/tiles.js": "what each tile says, a sentence of its own each",
}
"""Files that may name more, and why."""

QUOTED = re.compile(r"""["'`](\w+)["'`]|(?<=[{,\s])(\w+)(?=\s*:)""")


def test_no_product_file_lists_indicators_by_hand():
    keys = set(indicators())
    found = {
        f"{path.relative_to(CHECKOUT).as_posix()}, line {line}": sorted(names)
        for path, line, words in _literals()
        if len(names := words & keys) > MOST and path.relative_to(CHECKOUT).as_posix() not in EXCEPTIONS
    }
    assert found == {}, "write these into inputs/indicators.toml and take them from dudley_sd.indicators"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("made_up.py", 'A = ("gp_gap", "occupancy", "beds")'),
        ("made_up.py", 'A = {"gp_gap": 1, "occupancy": [("beds", 2)]}'),
        ("made_up.py", 'A = (Row("gp_gap"), Row("occupancy"), Row(key="beds"))'),
        ("made_up.js", 'const all = ["gp_gap", "occupancy", "beds"];'),
        ("made_up.js", "const all = { gp_gap: 1, occupancy: { beds: 2 } };"),
    ],
)
def test_a_made_up_list_is_found(name, text):
    assert max(len(names & set(indicators())) for _, names in _found(Path(name), text)) == MOST + 1


def _literals() -> Iterator[tuple[Path, int, set[str]]]:
    for folder in PRODUCT:
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if path.suffix in (".py", ".js", ".mjs") and "dist" not in path.parts:
                for line, names in _found(path, path.read_text(encoding="utf-8")):
                    yield path, line, names


def _found(path: Path, text: str) -> Iterator[tuple[int, set[str]]]:
    """Line and words of each literal of a file."""
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
                yield node.lineno, set(_words(node))
    else:
        yield from _of_javascript(text)


def _words(node: ast.AST) -> Iterator[str]:
    """Texts of a literal, of literals in it and of what is made in it by a class: ``Row("gp_gap", 1)``."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    made = isinstance(node, ast.Call) and ast.unparse(node.func).lstrip("_")[:1].isupper()
    if made or isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.Starred | ast.keyword):
        for child in ast.iter_child_nodes(node):
            yield from _words(child)


def _of_javascript(text: str) -> Iterator[tuple[int, set[str]]]:
    """Arrays and objects: brackets after a sign that a value may follow."""
    open_at: list[tuple[int, bool]] = []
    for at, sign in enumerate(text):
        if sign in "[{":
            before = text[:at].rstrip()
            open_at.append((at, before.endswith((*"=(,:[?", "return"))))
        elif sign in "]}" and open_at:
            start, is_literal = open_at.pop()
            if is_literal:
                inside = {one or other for one, other in QUOTED.findall(text[start : at + 1])}
                yield text.count("\n", 0, start) + 1, inside


def test_the_table_fits_the_model():
    assert indicator_faults(inputs_folder() / FILE, read_model(models_folder() / MODEL_FILE)) == []


def test_filters_keep_the_order_of_their_places():
    assert list(COMPARED)[:2] == ["total_population", "people_75_and_over"]
    assert set(JUDGED) == {key for key, row in COMPARED.items() if row.better}
    assert list(topics()) == list(dict.fromkeys(row.topic for row in indicators().values()))[:-1]
    assert all("band" in indicators()[key].display for key in Selection("since_2018"))
    assert set(Selection("ensemble")) >= set(Selection("explore"))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('gp_gapp.better = "low"', ["gp_gapp", "'gp_gapp' is not known", "Did you mean gp_gap"]),
        (
            'spare.of = "margin[Comissioner]"',
            ["spare.of", "'Comissioner' is not known", "Did you mean Commissioner"],
        ),
        ("spare.total = { part = 'beds', whole = 'bedss' }", ["spare.total", "'bedss'", "Did you mean beds"]),
        (
            "elective_wait.display = { compare = 1 }",
            ["elective_wait", "Year does not add up", "Give it `total`"],
        ),
        (
            "occupancy = { display = { compare = 1 }, total = { part = 'beds', whole = 'bed[GPs]' } }",
            ["occupancy.total", "'bed' is not known"],
        ),
        (
            "spare.total = { part = 'staff_in_post[CommunityStuff]', whole = 'all_posts' }",
            ["spare.total", "'CommunityStuff' is not known", "Did you mean CommunityStaff"],
        ),
        ("beds.display = { headline = 1 }", ["beds", "is a headline and not in band"]),
        (
            "beds.display = { compare = 1 }\nspare.of = 'gp_gap'\nspare.display = { compare = 1 }",
            ["spare.display.compare", "1 is the order of beds too"],
        ),
        ('gp_gap.step_scale = "gp_wt"', ["gp_gap.step_scale", "'gp_wt'", "Did you mean gp_wte"]),
    ],
)
def test_what_the_model_does_not_have_is_named_with_what_is_near(tmp_path, row, says):
    path = tmp_path / FILE
    path.write_text(f"[GPs]\n{row}\n", encoding="utf-8")
    faults = [str(fault) for fault in indicator_faults(path, read_model(models_folder() / MODEL_FILE))]
    assert any(all(text in fault for text in says) for fault in faults), faults


def test_all_faults_of_the_table_come_at_once(tmp_path):
    path = tmp_path / FILE
    path.write_text(
        'loose = 1\n[GPs]\ngp_gap.colour = "red"\ngp_wte.better = "up"\n[Staff]\ngp_wte = {}\n'
        '[other]\nbeds.chart = { order = 1, title = "?", unit = "beds", says = "All.", companion = "bed" }\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as raised:
        read_indicators(path)
    text = str(raised.value)
    for part in (
        "loose",
        "GPs.gp_gap.colour",
        "GPs.gp_wte.better",
        "Staff.gp_wte",
        "is there twice",
        "beds.chart.companion",
    ):
        assert part in text


def test_rows_of_a_variable_have_one_total(tmp_path):
    """Of all its elements, whichever row says it; two that differ are refused."""
    path = tmp_path / FILE
    element = "{ part = 'staff_in_post[CommunityStaff]', whole = 'establishment[CommunityStaff]' }"
    row = f"mine = {{ of = 'vacancy_rate[CommunityStaff]', total = {element} }}"
    path.write_text(f"[Staff]\n{row}\nvacancy_rate = {{}}\nyours = {{ of = 'vacancy_rate[CareStaff]' }}\n")
    found = read_indicators(path)
    assert {key: each.total for key, each in found.items()} == dict.fromkeys(found, found["mine"].total)
    assert found["yours"].total.whole == "establishment"
    assert not found["yours"].size
    path.write_text(f"[Staff]\n{row}\nvacancy_rate.total = {{ part = 'all_posts', whole = 'beds' }}\n")
    with pytest.raises(InputError, match="another row gives vacancy_rate another total"):
        read_indicators(path)


def test_a_total_may_name_an_element():
    ratio = Ratio(part="staff[Nurses]", whole="posts")
    sums = xr.Dataset({"staff": ("group", [3.0, 5.0]), "posts": 6.0}, coords={"group": ["Nurses", "Carers"]})
    assert ratio.variables == ("staff", "posts")
    assert not ratio.plain
    assert float(ratio.of([sums], ())) == 0.5


def test_a_share_of_a_total_weighs_each_area_by_what_adds_up():
    """100 carers with a strain of 1 and 300 with 1.2 have 1.15 together."""
    ratio = Ratio(part="carers * strain", whole="carers")
    areas = [xr.Dataset({"carers": carers, "strain": strain}) for carers, strain in ((100, 1), (300, 1.2))]
    assert float(ratio.of(areas, ())) == pytest.approx(1.15)
    assert ratio.can_be_told(["carers", "strain"], ["carers"])
    assert not ratio.can_be_told(["carers", "strain"], ["strain"])
    assert not ratio.can_be_told(["carers"], ["carers"])
