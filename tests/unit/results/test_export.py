"""All files of a result are there, or nothing has changed."""

from __future__ import annotations

import pytest
from matplotlib import image
from sdcompile.errors import InputError
from sdcompile.scratch import atomic_files

from dudley_sd.results.export import FORMATS, write_all
from dudley_sd.results.picture import write_png


def test_all_formats_are_written_under_the_name_of_footprint_and_portfolio(four_futures, tmp_path):
    paths = write_all(four_futures, tmp_path / "out")
    assert [path.name for path in paths] == [f"dudley_as_evidenced.{ending}" for ending in FORMATS]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)
    assert all(path.stat().st_size > 1000 for path in paths)


def test_a_contract_is_in_the_name_of_the_files(one_future, tmp_path):
    (path,) = write_all(one_future.assign_attrs(contract="nuka"), tmp_path, ["csv"])
    assert path.name == "dudley_as_evidenced_nuka.csv"


def test_writing_again_replaces_the_files(one_future, tmp_path):
    (first,) = write_all(one_future, tmp_path, ["nc"])
    before = first.stat().st_mtime_ns
    (second,) = write_all(one_future, tmp_path, ["nc"])
    assert second == first
    assert second.stat().st_mtime_ns > before


def test_a_failure_half_way_leaves_nothing_behind(one_future, tmp_path):
    wrong = one_future.drop_vars("gp_gap")
    with pytest.raises(InputError, match="gp_gap"):
        write_all(wrong, tmp_path / "new", ["csv", "png"])
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_older_files_as_they_were(one_future, tmp_path):
    old = tmp_path / "dudley_as_evidenced.csv"
    old.write_text("before")
    wrong = one_future.assign(remark=("scenario", ["text"]))
    wrong["remark"].attrs["units"] = "Dmnl"
    with pytest.raises(InputError, match="remark"):
        write_all(wrong, tmp_path, ["csv", "nc"])
    assert old.read_text() == "before"
    assert list(tmp_path.iterdir()) == [old]


def test_a_file_that_cannot_be_put_in_place_leaves_the_others_as_they_were(tmp_path):
    """The second file has vanished, so that its move fails as one held open by Excel does on Windows."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.csv").write_text("before")
    with (
        pytest.raises(InputError, match="cannot be written"),
        atomic_files([folder / "a.csv", folder / "b.csv"]) as (first, _),
    ):
        first.write_text("new")
    assert (folder / "a.csv").read_text() == "before"
    assert [path.name for path in folder.iterdir()] == ["a.csv"]


def test_a_folder_of_the_name_of_a_file_is_refused_and_kept(one_future, tmp_path):
    inside = tmp_path / "dudley_as_evidenced.csv" / "inside"
    inside.mkdir(parents=True)
    with pytest.raises(InputError, match="is a folder"):
        write_all(one_future, tmp_path, ["nc", "csv"])
    assert inside.is_dir()
    assert not (tmp_path / "dudley_as_evidenced.nc").exists()


def test_a_format_asked_for_twice_is_written_once(one_future, tmp_path):
    assert len(write_all(one_future, tmp_path, ["nc", "nc"])) == 1


@pytest.mark.parametrize(("formats", "words"), [(["xslx"], "xlsx"), ([], "none is given")])
def test_unknown_formats_are_refused_before_anything_is_made(one_future, tmp_path, formats, words):
    with pytest.raises(InputError, match=words):
        write_all(one_future, tmp_path / "out", formats)
    assert not (tmp_path / "out").exists()


def test_a_file_where_the_folder_should_be_is_refused(one_future, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InputError, match="not a folder"):
        write_all(one_future, tmp_path / "out", ["nc"])


@pytest.mark.parametrize("which", ["four_futures", "no_shift"])
def test_the_picture_opens_and_is_sixteen_by_ten(which, request, tmp_path):
    pixels = image.imread(write_png(request.getfixturevalue(which), tmp_path / "picture.png"))
    assert pixels.shape[:2] == (1000, 1600)
    assert pixels[..., :3].std() > 0.05


def test_the_picture_with_its_do_nothing_is_another_picture(two_futures, two_do_nothings, tmp_path):
    alone = image.imread(write_png(two_futures, tmp_path / "alone.png"))
    compared = image.imread(write_png(two_futures, tmp_path / "compared.png", two_do_nothings))
    assert compared.shape[:2] == (1000, 1600)
    assert (alone != compared).any()


def test_do_nothing_that_does_not_belong_is_refused_before_anything_is_written(
    two_futures, two_do_nothings, tmp_path
):
    with pytest.raises(InputError, match="scenarios"):
        write_all(two_futures, tmp_path / "out", ["nc"], do_nothing=two_do_nothings.isel(scenario=[0]))
    assert not (tmp_path / "out").exists()


def test_all_formats_are_written_with_do_nothing(two_futures, two_do_nothings, tmp_path):
    paths = write_all(two_futures, tmp_path, do_nothing=two_do_nothings)
    assert [path.suffix[1:] for path in paths] == list(FORMATS)
