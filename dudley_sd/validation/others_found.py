"""Comparison with what others found: figures set beside the model's, never fitted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.expectations import read_others_found
from dudley_sd.validation.bench import PORTFOLIO, Runner, at, change
from dudley_sd.validation.outcome import shown, source_title
from dudley_sd.validation.published import A_CONTRACT, MILLION

NOT_YET = "not in this version of the model"
COLUMNS = ("what", "others found", "model", "why they differ", "source")


def comparison(run: Runner) -> pd.DataFrame:
    """Set the reference case beside what others found.

    Returns
    -------
    pd.DataFrame
        Columns `COLUMNS`, one row for each row of ``inputs/validation/others_found.csv``.
    """
    values = model_figures(run)
    table = read_others_found(inputs_folder() / "validation" / "others_found.csv")
    rows = []
    for _, row in table.iterrows():
        value = values.get(str(row["id"]))
        words = NOT_YET if value is None else value
        if isinstance(value, float):
            words = shown(value, str(row["unit"]), int(row["digits"]))
        source = source_title(str(row["source"]))
        rows.append((row["what"], row["others_found"], words, row["why"], source))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def model_figures(run: Runner) -> dict[str, float | str]:
    """Return the model's figure for each row that it has one for."""
    do_nothing, live = run(), run(portfolio=PORTFOLIO)
    moved = live["shift_as_share_of_demand"].sel(year=2021)
    outpatients = ["OutpatientFirst", "OutpatientFollowUp"]
    landed, before = (
        live[name].sel(year=2021, service=outpatients).sum("service")
        for name in ("landed_shift", "activity_before_shift")
    )
    value = do_nothing["activity_before_shift"] * do_nothing["unit_cost"] * do_nothing["paid_publicly"]
    pressure = change(value.sum("service") * do_nothing["cost_index"], 2018, 2033)
    return {
        "gp_gap_share": at(do_nothing, "gp_gap_share", 2030),
        "gp_more_wanted": at(do_nothing, "gp_wte_needed", 2030) / at(do_nothing, "gp_wte", 2018) - 1,
        "bed_need": change(do_nothing["activity_before_shift"].sel(service="EmergencyBedDay"), 2018, 2030),
        "stand_still": (1 + pressure) ** (1 / 15) - 1,
        "shift_emergency": float(moved.sel(service="EmergencyAdmission")),
        "shift_a_and_e": float(moved.sel(service="AandE")),
        "shift_outpatients": float(landed / before),
        "occupancy": _occupancy(do_nothing, live),
        "viability": _viability(do_nothing, live),
        "contract": _contract(run(portfolio=PORTFOLIO, contract=A_CONTRACT)),
        "years_to_show": years_to_half(live["shift_as_share_of_demand"].sel(service="EmergencyAdmission")),
    }


def _occupancy(do_nothing: xr.Dataset, live: xr.Dataset) -> str:
    occupied = [at(each, "occupancy") for each in (do_nothing, live)]
    days = [at(each, "activity_after_shift", service="EmergencyBedDay") for each in (do_nothing, live)]
    avoided, points = 1 - days[1] / days[0], 100 * (occupied[0] - occupied[1])
    return (
        f"{avoided:.1%} of emergency bed days avoided by 2033 lowers occupancy by {points:.1f} points, "
        f"to {occupied[1]:.0%}, with every bed kept open"
    )


def _viability(do_nothing: xr.Dataset, live: xr.Dataset) -> str:
    margins = [at(each, "margin", body="Hospital") / MILLION for each in (do_nothing, live)]
    moved = at(live, "hospital_share_moved")
    words = " to ".join(f"£{margin:+.1f}m".replace("£+", "+£").replace("£-", "−£") for margin in margins)
    return f"{moved:.1%} of hospital care moved takes the hospital's margin in 2033 from {words}"


def _contract(live: xr.Dataset) -> str:
    whole = at(live, "contract_sum", 2019) / MILLION
    acute, hospital = (at(live, name, 2019) / MILLION for name in ("acute_spending", "hospital_care_bought"))
    return f"£{whole:.0f}m in 2019, £{hospital:.0f}m of it hospital care, of £{acute:.0f}m in all"


def years_to_half(share: xr.DataArray) -> float:
    """Years from the start until a series first reaches half of its last value, between saved years."""
    years, values = share["year"].to_numpy().astype(float), share.to_numpy()
    half = values[-1] / 2
    after = int(np.argmax(values >= half))
    if after == 0:
        return 0.0
    part = (half - values[after - 1]) / (values[after] - values[after - 1])
    return float(years[after - 1] + part * (years[after] - years[after - 1]) - years[0])
