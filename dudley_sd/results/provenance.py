"""Provenance of a result: every number that went in, its range, how it is known, where it is printed."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.names import snake_case

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.parameters import SOURCES, parameter_table, sources_of
from dudley_sd.inputs.tables import read_table
from dudley_sd.results.manifest import is_official, projection_text, turns_on_base
from dudley_sd.results.table import Table

TABLES = {
    "effect of interventions": ("effects.csv", ("intervention", "service")),
    "reach of interventions": ("reach.csv", ("intervention", "service", "age_from", "age_to")),
    "use by age": ("activity/use_rates.csv", ("service", "part", "age_from", "age_to")),
    "use by need": ("activity/relative_use.csv", ("service", "need")),
}
"""Tables beside parameters.csv whose rows carry the same columns, with the columns that name a row."""

DECIDED = {"portfolio": "decision of the portfolio", "contract": "term of the contract"}
"""What readers call the decisions of a portfolio and of a contract."""

WIDTHS = {"name": 42, "source": 44, "locator": 36, "note": 60}
"""Widths of columns in the table, in characters."""

RANGE = ("unit", "low", "central", "high", "status")


def provenance(results: xr.Dataset) -> pd.DataFrame:
    """Every number of parameters.csv, the tables of evidence and use rates, portfolio and contract.

    Returns
    -------
    pd.DataFrame
        Columns ``part`` (of the inputs), ``name``, ``unit, low, central, high, status``, ``source`` (titles
        with publisher and year), ``locator``, ``note``, and one for each scenario with the value of the run
        where scenario, portfolio, contract or lever set one other than the central. Last come the row of the
        projection, local sizes of the area, and what portfolio and contract decide, with reasons as notes.
    """
    inputs = inputs_folder()
    titles = source_titles()
    parameters = parameter_table(inputs)
    parameters = parameters.assign(
        part=parameters["acts_through"].replace({"model": "parameter"}),
        name=parameters["model_name"].where(
            parameters["model_name"] != "", parameters["id"].str.replace("_", " ")
        ),
    )
    parts = [parameters]
    for part, (file, keys) in TABLES.items():
        table = pd.read_csv(inputs / file, keep_default_na=False)
        names = table[list(keys)].astype(str).agg(", ".join, axis=1)
        parts.append(table.assign(part=part, name=names))
    rows = pd.concat(parts, ignore_index=True)
    rows["source"] = [_titles(cell, titles) for cell in rows["source"]]
    rows = rows[["part", "name", *RANGE, "source", "locator", "note"]]
    used = {snake_case(name.partition("[")[0]) for name in rows["name"]} & set(results.data_vars)
    start = results[sorted(used)].isel(year=0, missing_dims="ignore")
    titles_of = results["scenario_title"].to_numpy()
    differing = [
        _differs(start, part, name, float(central), len(titles_of))
        for part, name, central in zip(rows["part"], rows["name"], rows["central"], strict=True)
    ]
    for place, title in enumerate(titles_of):
        rows[f"in {title}"] = [values[place] for values in differing]
    more = [
        pd.DataFrame([_people(results, titles)]),
        _local_sizes(results, titles),
        _decisions(results, titles),
    ]
    return pd.concat([rows, *(part for part in more if len(part))], ignore_index=True)


def provenance_table(results: xr.Dataset) -> Table:
    """Table of `provenance`, with what its columns mean."""
    rows = provenance(results)
    notes = [
        "Low, central and high are the range the sources or judgement allow; a run uses the central value "
        "unless a scenario, the portfolio, contract or a lever sets another, which the last columns show.",
        "Published: printed in the source. Derived: worked out from it. Judgement: argued from it. "
        "Assumption: nobody has measured it.",
    ]
    return Table(
        "Notes and sources",
        "Notes and sources",
        notes,
        [column[0].upper() + column[1:] for column in rows.columns],
        list(rows.itertuples(index=False)),
        lead=2,
        widths=[WIDTHS.get(column, 24 if column.startswith("in ") else 13) for column in rows.columns],
        wraps=True,
    )


def _people(results: xr.Dataset, titles: dict[str, str]) -> dict[str, str]:
    """Return the row of the population table: which projection, where it is from, what turns on its base."""
    manifest = json.loads(results.attrs["manifest"])
    tables = [
        part["projection"] for part in manifest.get("parts", {"": manifest}).values()
    ]  # a total has parts
    told = projection_text(results)
    return {
        "part": "projection",
        "name": "people by age and mid-year",
        "unit": "Person",
        "status": "published" if is_official(results) else "derived",
        "source": "; ".join(dict.fromkeys(titles.get(each["source"], each["source"]) for each in tables)),
        "locator": "; ".join(each["area"] for each in tables),
        "note": f"{told[0].upper()}{told[1:]}. {turns_on_base(results)}".strip(),
    }


def _local_sizes(results: xr.Dataset, titles: dict[str, str]) -> pd.DataFrame:
    """One row for each local figure that replaces a scaled one, of the area or of each part of a total."""
    manifest = json.loads(results.attrs["manifest"])
    return pd.DataFrame(
        {
            "part": f"local size{f', {part}' if part else ''}",
            "name": name,
            "unit": _unit(results, name),
            "central": size["value"],
            "status": "local figure" if size["source"] else "assumption",
            "source": _titles(size["source"], titles),
            "locator": size["locator"],
            "note": size["reason"],
        }
        for part, each in manifest.get("parts", {"": manifest}).items()
        for name, size in each.get("sizes", {}).get("local", {}).items()
    )


def _unit(results: xr.Dataset, address: str) -> str:
    key = snake_case(address.partition("[")[0])
    return str(results[key].attrs["units"]) if key in results else ""


def _decisions(results: xr.Dataset, titles: dict[str, str]) -> pd.DataFrame:
    """One row for each number that portfolio and contract decide; none where the manifest is older."""
    decided = json.loads(results.attrs["manifest"]).get("decisions", {})
    rows = []
    for whose, part in DECIDED.items():
        for lever, decision in decided.get(whose, {}).items():
            value = decision["value"]
            numbers = value if isinstance(value, dict) else {"": value}
            rows += [
                {
                    "part": part,
                    "name": f"{lever}[{element}]" if element else lever,
                    "unit": _unit(results, lever),
                    "central": number,
                    "status": "decision",
                    "source": _titles(decision["source"], titles),
                    "locator": decision["locator"],
                    "note": decision["reason"],
                }
                for element, number in numbers.items()
            ]
    return pd.DataFrame(rows)


def source_titles() -> dict[str, str]:
    """Title, publisher and year of every publication, by id."""
    sources = read_table(inputs_folder() / "sources.csv", SOURCES)
    return {row["id"]: f"{row['title']}. {row['publisher']}, {row['year']}" for _, row in sources.iterrows()}


def range_text(name: str) -> str:
    """Return a share of parameters.csv, by its name in the model: ``20% (range 5% to 41%, judgement)``."""
    parameters = parameter_table(inputs_folder())
    row = parameters[parameters["model_name"] == name].iloc[0]
    return f"{row['central']:.0%} (range {row['low']:.0%} to {row['high']:.0%}, {row['status']})"


def _titles(cell: str, titles: dict[str, str]) -> str:
    return "; ".join(titles.get(name, name) for name in sorted(sources_of(cell)))


def _differs(start: xr.Dataset, part: str, name: str, central: float, scenarios: int) -> list[float | None]:
    """Value of a constant in each scenario; None where it is the central one or not in the result."""
    variable, _, elements = name.removesuffix("]").partition("[")
    key = snake_case(variable)
    if part != "parameter" or key not in start.data_vars:
        return [None] * scenarios
    array = start.variables[key]
    for element in filter(None, re.split(r"\s*,\s*", elements)):
        found = [(dim, start.variables[dim].to_numpy() == element) for dim in array.dims]
        found = [(dim, same) for dim, same in found if np.any(same)]
        if len(found) != 1:
            return [None] * scenarios
        dim, same = found[0]
        array = array.isel({dim: int(np.argmax(same))})
    if set(array.dims) - {"scenario"}:
        return [None] * scenarios
    values = np.broadcast_to(array.to_numpy(), scenarios).tolist()
    return [None if math.isclose(value, central, rel_tol=1e-9, abs_tol=1e-12) else value for value in values]
