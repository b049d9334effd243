"""What do the four futures say today? A diff of the frozen table shows what a change did to results.

To accept a change: ``python -m tests.frozen.test_frozen_results`` writes the table anew; say in CHANGELOG
what moved.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import xarray as xr

FROZEN = Path(__file__).parent / "four_futures.csv"
YEARS = (2014, 2018, 2023, 2028, 2033)
PLAIN = {
    "total_population": 0,
    "people_65_and_over": 0,
    "departure_from_projection": 1,
    "deaths_since_2018": 0,
    "gp_wte": 1,
    "gp_gap": 1,
    "practice_load": 3,
    "unmet_same_day_share": 3,
    "continuity": 3,
    "a_and_e_attendances": 0,
    "overnight_admissions": 0,
    "zero_night_admissions": 0,
    "beds_needed": 0,
    "beds": 0,
    "pressure_on_beds": 3,
    "boarding_share": 3,
    "people_delayed": 1,
    "elective_waiting_list": 0,
    "funding_index": 3,
    "overall_vacancy_rate": 3,
    "landed_share": 3,
    "unmet_community_share": 3,
    "unmet_social_care_share": 3,
    "shortfall_as_a_share_of_funding": 4,
    "hospital_margin_share": 4,
    "public_cost": 1,
    "system_balance": 1,
    "share_of_spending_outside_hospital": 3,
    "carers": 0,
    "activation": 3,
}
BY_ELEMENT = {
    "people_by_need": ("need", 0),
    "people_by_fifth": ("fifth", 0),
    "vacancy_rate": ("staff", 3),
    "hospital_value_moved": ("hospital_part", 2),
    "delivered_coverage": ("intervention", 3),
    "balance": ("body", 1),
}


def table(results: xr.Dataset) -> pd.DataFrame:
    """Rounded indicators, a row for each scenario, variable and element, a column for each year."""
    rows = []
    for scenario in results["scenario"].to_numpy():
        here = results.sel(scenario=scenario, year=list(YEARS))
        rows += [[scenario, name, "", *here[name].to_numpy().round(digits)] for name, digits in PLAIN.items()]
        for name, (dim, digits) in BY_ELEMENT.items():
            rows += [
                [scenario, name, element, *here[name].sel({dim: element}).to_numpy().round(digits)]
                for element in here[dim].to_numpy()
            ]
    return pd.DataFrame(rows, columns=["scenario", "variable", "element", *map(str, YEARS)])


def test_four_futures_are_as_frozen(four_futures: xr.Dataset):
    """Tolerance: one unit in the last digit kept, for numbers on a rounding edge."""
    now = table(four_futures)
    frozen = pd.read_csv(FROZEN, keep_default_na=False)
    keys = ["scenario", "variable", "element"]
    assert now[keys].equals(frozen[keys])

    digits = now["variable"].map(PLAIN | {name: kept for name, (_, kept) in BY_ELEMENT.items()})
    years = [str(year) for year in YEARS]
    apart = (now[years].astype(float) - frozen[years].astype(float)).abs().max(axis=1)
    moved = now[keys][apart > 1.01 * 10.0**-digits]
    assert moved.empty, moved.to_string()


if __name__ == "__main__":
    import dudley_sd

    before = FROZEN.read_text(encoding="utf-8").splitlines()
    table(dudley_sd.run(workers=2)).to_csv(FROZEN, index=False, lineterminator="\n")
    lines = FROZEN.read_text(encoding="utf-8").splitlines()
    print(f"{FROZEN}: {len(set(lines) - set(before))} of {len(lines) - 1} rows are new or moved.")  # noqa: T201
