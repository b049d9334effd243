"""Do ensembles of several areas draw, add up and say what they should?"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from sdcompile.errors import InputError
from sdcompile.names import same_name
from sdcompile.read.levers import lever_address, levers

import dudley_sd
from dudley_sd.ensembles.description import SETTINGS, command, describe
from dudley_sd.ensembles.ensemble import run_ensemble
from dudley_sd.ensembles.explore import explore
from dudley_sd.ensembles.job import make_job
from dudley_sd.ensembles.plan import EnsembleRequest, key_outputs, plan_ensemble
from dudley_sd.ensembles.ranges import EVERYTHING
from dudley_sd.ensembles.sampling import chances, values
from dudley_sd.ensembles.store import read_ensemble, read_manifest
from dudley_sd.ensembles.summary import write_summary
from dudley_sd.folders import inputs_folder
from dudley_sd.indicators import ingredients, ratios
from dudley_sd.inputs.areas import read_area
from dudley_sd.ratio import adds_up
from tests.unit.ensembles.conftest import chunks

pytestmark = pytest.mark.usefixtures("shared_folder")

FUTURE = ("official_future",)
TOTAL = "black_country"


@pytest.fixture(scope="module")
def together(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    """Store of the total and of its parts, 70 members."""
    parts = read_area(TOTAL, inputs_folder()).parts
    request = EnsembleRequest(
        FUTURE, "none", footprints=(TOTAL, *parts), outputs=("beds_occupied", "beds", "occupancy"), members=70
    )
    return run_ensemble(request, tmp_path_factory.mktemp("areas") / "together.zarr", workers=1)


def test_the_total_is_the_sum_of_its_parts_member_by_member(together):
    many = read_ensemble(together).load()
    total, parts = many.sel(footprint=TOTAL), many.drop_sel(footprint=TOTAL)

    for name in ("beds_occupied", "beds"):
        assert np.allclose(total[name], parts[name].sum("footprint"), rtol=1e-12)
    assert np.allclose(total["occupancy"], total["beds_occupied"] / total["beds"], rtol=1e-12)
    assert not np.allclose(total["occupancy"], parts["occupancy"].mean("footprint"), rtol=1e-6)


def test_a_total_alone_is_the_same_and_stores_no_more_than_was_asked_for(together, tmp_path):
    request = EnsembleRequest(FUTURE, "none", footprints=(TOTAL,), outputs=("occupancy",), members=70)
    alone = read_ensemble(run_ensemble(request, tmp_path / "alone.zarr", workers=2)).load()
    among = read_ensemble(together).load()

    assert set(alone.data_vars) == {"occupancy", "draws"}
    assert alone["occupancy"].dims == ("scenario", "member", "year")
    assert np.array_equal(alone["draws"], among["draws"])
    assert np.array_equal(alone["occupancy"], among["occupancy"].sel(footprint=TOTAL))
    assert plan_ensemble(request).name == "black_country_none_on_2018_official_future_70_members"


def test_a_total_of_central_values_is_the_total_of_a_run():
    """A tornado runs the central values too: a run and an ensemble add up with the same recipes."""
    found = explore("tornado", outputs=("occupancy",), footprint=TOTAL, portfolio="none")
    one = dudley_sd.run(["official_future"], portfolio="none", footprints=[TOTAL])

    assert found["at_central"][0] == pytest.approx(one["occupancy"].sel(year=2033).item(), rel=1e-9)
    assert set(found["note"]) == {"indicative"}


def test_what_cannot_be_told_of_a_total_is_refused_by_name_and_not_among_the_usual(monkeypatch):
    with pytest.raises(InputError, match=r"black_country(.|\n)*practice_load\)(.|\n)*dudley, sandwell"):
        plan_ensemble(EnsembleRequest(FUTURE, footprints=(TOTAL,), outputs=("occupancy", "practice_load")))
    usual = plan_ensemble(EnsembleRequest(FUTURE, footprints=(TOTAL,)))
    assert usual.outputs == key_outputs()
    monkeypatch.setattr("dudley_sd.ensembles.plan.key_outputs", lambda: (*usual.outputs, "practice_load"))
    left_out = plan_ensemble(EnsembleRequest(FUTURE, footprints=(TOTAL,)))
    assert left_out.outputs == usual.outputs
    assert describe(left_out, make_job(left_out))["not_told"] == ["practice_load"]


def test_every_ratio_of_a_total_is_made_of_what_the_model_has():
    model = plan_ensemble(EnsembleRequest(FUTURE)).first.model
    for name in ratios():
        assert set(ingredients([name])) <= set(model.variables)
    assert ingredients(["occupancy", "beds"]) == ("beds_occupied",)


def test_every_output_says_indicative_and_why(together, tmp_path):
    many, manifest = read_ensemble(together), read_manifest(together)

    assert set(json.loads(many.attrs["indicative"])) == set(many["footprint"].to_numpy()) - {"dudley"}
    assert "Black Country STP (indicative)" in many.attrs["title"]
    assert "Dudley" in many["footprint_name"].to_numpy()
    assert set(manifest["indicative"]) == set(json.loads(many.attrs["indicative"]))
    assert {each["projection"] for each in manifest["projections"].values()} == {"2018-based"}
    paths = write_summary(together, tmp_path, thresholds=["occupancy>0.9"])
    for path in paths:
        if path.suffix == ".csv":
            table = pd.read_csv(path, keep_default_na=False)
            assert "note" in table, path.name
            if "footprint" in table:
                assert (table["note"] == "indicative").equals(table["footprint"] != "dudley"), path.name
    book = openpyxl.load_workbook(paths[-1])
    assert all("Indicative" in sheet["A2"].value for sheet in book)
    reasons = pd.read_csv(tmp_path / "areas.csv", keep_default_na=False).set_index("footprint")["indicative"]
    assert "use at each age is that of Dudley" in reasons["walsall"]
    assert reasons["dudley"] == ""


def test_one_area_with_figures_of_its_own_says_nothing_of_it(small, tmp_path):
    assert "indicative" not in read_ensemble(small).attrs
    write_summary(small, tmp_path)
    assert "note" not in pd.read_csv(tmp_path / "bands.csv")


@pytest.mark.parametrize("nothing", [False, True])
def test_sizes_are_drawn_on_the_scale_of_each_area(nothing):
    """Every number drawn, element by element: of sizes Walsall has Dudley's draw times a ratio."""
    areas = ("dudley", "walsall")
    plan = plan_ensemble(EnsembleRequest(FUTURE, footprints=areas, members=8, also=(EVERYTHING,)))
    job = make_job(plan)
    ranges, places = job.drawn.ranges, list(job.drawn.places)
    own, walsall = (dict(zip(ranges, area.factors[places], strict=True)) for area in job.areas)
    units = {same_name(lever.name): lever.units for lever in levers(plan.first.model).values()}
    ratios = {
        same_name(lever_address(text)[0]) + str(lever_address(text)[1] or ""): ratio
        for text, ratio in plan.areas["walsall"].folder.area.scaling.ratios.items()
    }
    sizes = [each for each in ranges if adds_up(units[same_name(lever_address(each.name)[0])])]

    assert len(sizes) > 3
    for each in (one for one in ranges if (one.central == 0) == nothing):
        name, element = lever_address(each.name)
        ratio = ratios.get(same_name(name) + str(element or ""), ratios.get(same_name(name)))
        assert own[each] == 1
        assert walsall[each] == pytest.approx(ratio if each in sizes else 1), each.name


def test_the_command_of_a_store_makes_the_same_request(tmp_path):
    """Every field of a request that is not as usual is in the command, read back by the command line."""
    import shlex
    from unittest.mock import patch

    from typer.testing import CliRunner

    from dudley_sd.cli import app

    asked = EnsembleRequest(
        scenarios=("state_supreme", "official_future"),
        portfolio="none",
        contract="dudley_mcp",
        footprints=("walsall", TOTAL),
        projection="own",
        settings={"coverage[MDT]": np.float64(0.1) + 0.2},
        outputs=("gp_gap", "beds"),
        members=2048,
        seed=0,
        sampler="sobol",
        distribution="uniform",
        also=("GDP growth",),
        engine="numpy",
    )
    usual = EnsembleRequest()
    assert [f.name for f in fields(EnsembleRequest) if getattr(asked, f.name) == getattr(usual, f.name)] == [
        "seed"
    ]
    assert {*SETTINGS, "engine", "settings"} - {"levers"} == {field.name for field in fields(EnsembleRequest)}
    requests = [asked, replace(usual, seed=7), replace(usual, projection="own")]
    read: list[EnsembleRequest] = []
    for request in requests:
        with patch("dudley_sd.ensembles.ensemble.run_ensemble", side_effect=lambda r, *_: read.append(r)):
            CliRunner().invoke(app, [*shlex.split(command(request))[1:], "--out", str(tmp_path / "x.zarr")])
    assert read == requests


def test_going_on_with_another_projection_is_refused(tmp_path):
    request = EnsembleRequest(FUTURE, outputs=("gp_gap",), members=8)
    store = run_ensemble(request, tmp_path / "some.zarr")
    before = chunks(store)

    with pytest.raises(InputError, match="projection: the store has 2014, asked for is own"):
        run_ensemble(replace(request, projection="own"), store, resume=True)
    assert chunks(store) == before
    assert "--projection" not in read_manifest(store)["command"]
    own = replace(request, projection="own")
    assert "--projection own" in read_manifest(run_ensemble(own, tmp_path / "own.zarr"))["command"]


def test_explore_takes_a_projection():
    found = [
        explore("tornado", outputs=("gp_gap",), projection=projection).iloc[0]["at_central"]
        for projection in ("2014", "own")
    ]
    own = dudley_sd.run(["official_future"], projection="own")["gp_gap"].sel(year=2033)

    assert found[1] == pytest.approx(own.item(), rel=1e-9)
    assert abs(found[0] - found[1]) > 1


def test_blocks_are_many_and_their_size_changes_no_draw(monkeypatch, tmp_path):
    """Members of a Sobol sequence in blocks of 64 or 512 are those of the 1,024 that they are drawn with."""
    request = EnsembleRequest(FUTURE, outputs=("gp_gap",), members=2048, sampler="sobol")
    assert make_job(plan_ensemble(replace(request, members=1000, sampler="lhs"))).blocks == 16
    assert make_job(plan_ensemble(replace(request, members=100_000, sampler="lhs"))).size == 512
    stores = []
    for smallest, blocks in ((64, 16), (512, 4)):
        monkeypatch.setattr("dudley_sd.ensembles.job.SMALLEST", smallest)
        store = run_ensemble(request, tmp_path / f"{smallest}.zarr", workers=2)
        assert -(-2048 // read_manifest(store)["members_in_block"]) == blocks
        stores.append(read_ensemble(store).load())
    for name in ("draws", "gp_gap"):
        assert np.array_equal(stores[0][name], stores[1][name])
    ranges = plan_ensemble(request).ranges
    chance = np.concatenate([chances(0, block, 2048, len(ranges.candidates), "sobol") for block in range(2)])
    assert np.array_equal(
        stores[0]["draws"], values(chance[:, list(ranges.columns)], ranges.drawn, "triangular")
    )
