"""Words of XMILE that are understood, tag by tag; every other is refused."""

from __future__ import annotations

SHOWN = {"units", "doc", "range", "scale", "format", "event_poster"}
"""Words inside a variable that change how it is shown, and no number."""

LOOKS = {
    "header",
    "model_units",
    "style",
    "views",
    "prefs",
    "equation_prefs",
    "layout",
    "group",
    "delay_aux",
}
"""Parts of a file that change how it is shown, and no number; they are not looked into."""

VARIABLE = {"name", "access", "autoexport"}
GRAPH = {"xscale", "yscale", "xpts", "ypts"}

CHILDREN: dict[str, set[str]] = {
    "xmile": {"sim_specs", "dimensions", "behavior", "model"},
    "sim_specs": {"start", "stop", "dt"},
    "dimensions": {"dim"},
    "dim": {"elem"},
    "behavior": {"non_negative", "stock", "flow"},
    "model": {"variables"},
    "variables": {"aux", "flow", "stock", "gf"},
    "aux": {"eqn", "dimensions", "element", "gf", *SHOWN},
    "flow": {"eqn", "dimensions", "element", "gf", "non_negative", *SHOWN},
    "stock": {"eqn", "dimensions", "inflow", "outflow", "non_negative", *SHOWN},
    "gf": {*GRAPH, "dimensions", *SHOWN},
    "element": {"eqn"},
}
ATTRIBUTES: dict[str, set[str]] = {
    "xmile": {"version", "level"},
    "sim_specs": {"method", "time_units", "pause", "run"},
    "dt": {"reciprocal"},
    "dim": {"name", "size"},
    "elem": {"name"},
    "model": {"name"},
    "aux": VARIABLE,
    "flow": VARIABLE,
    "stock": VARIABLE,
    "gf": {"name", "type"},
    "element": {"subscript"},
    "xscale": {"min", "max"},
    "yscale": {"min", "max"},
    "xpts": {"sep"},
    "ypts": {"sep"},
}
OF_THE_VENDOR = {
    "sim_duration",
    "simulation_delay",
    "restore_on_start",
    "ignore_module_errors",
    "strict_units",
    "loop_scores",
}
"""Attributes of makers' own namespaces that change how a run is shown, and no number."""

TYPES = {"continuous", "discrete", "extrapolate"}
NAMED = ("aux", "flow", "stock", "gf")
REMEDIES = {
    "conveyor": "Write the delay with stocks and flows, or DELAY1 and DELAY3",
    "queue": "Write the queue with stocks and flows",
    "oven": "Write the oven with stocks and flows",
    "module": "Write the module's variables into one model",
    "macro": "Write the macro's equations where they are used",
    "mathml": "Write the equation in <eqn>",
}
