"""What did others find, what does the model say, and why do they differ? Compared, never fitted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from dudley_sd.inputs.expectations import read_others_found
from dudley_sd.places import inputs_folder
from dudley_sd.validation.bench import PORTFOLIO, Runner, at, change
from dudley_sd.validation.targets import shown, source_title

NOT_YET = "not in this version of the model"
COLUMNS = ("what", "others found", "model", "why they differ", "source")


def comparison(run: Runner) -> pd.DataFrame:
    """Set the baseline beside what others found.

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
    baseline, live = run(), run(portfolio=PORTFOLIO)
    moved = live["shift_as_share_of_demand"].sel(year=2021)
    outpatients = ["OutpatientFirst", "OutpatientFollowUp"]
    landed, before = (
        live[name].sel(year=2021, service=outpatients).sum("service")
        for name in ("landed_shift", "activity_before_shift")
    )
    pressure = change(baseline["spending_pressure_index"], 2018, 2033)
    return {
        "gp_gap_share": at(baseline, "gp_gap_share", 2030),
        "gp_more_wanted": at(baseline, "gp_wte_needed", 2030) / at(baseline, "gp_wte", 2018) - 1,
        "bed_need": change(baseline["activity_before_shift"].sel(service="EmergencyBedDay"), 2018, 2030),
        "stand_still": (1 + pressure) ** (1 / 15) - 1,
        "shift_emergency": float(moved.sel(service="EmergencyAdmission")),
        "shift_a_and_e": float(moved.sel(service="AandE")),
        "shift_outpatients": float(landed / before),
        "years_to_show": years_to_half(live["shift_as_share_of_demand"].sel(service="EmergencyAdmission")),
    }


def years_to_half(share: xr.DataArray) -> float:
    """Years from the start until a series first reaches half of its last value, between saved years."""
    years, values = share["year"].to_numpy().astype(float), share.to_numpy()
    half = values[-1] / 2
    after = int(np.argmax(values >= half))
    if after == 0:
        return 0.0
    part = (half - values[after - 1]) / (values[after] - values[after - 1])
    return float(years[after - 1] + part * (years[after] - years[after - 1]) - years[0])
