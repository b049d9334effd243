#!/usr/bin/env bash
# An XMILE stock that may not fall below 0 stops at 0 in PySD, but its outflow goes on: people are made from nothing.
# XMILE 1.0 limits the outflows of such a stock to what it holds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "pysd==3.14.3" "pandas<3"
cd "$folder"

cat > people.xmile <<'MODEL'
<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><vendor>own</vendor><product version="1">own</product></header>
<sim_specs method="Euler" time_units="Year"><start>0</start><stop>4</stop><dt>1</dt></sim_specs>
<model><variables>
<stock name="waiting"><eqn>10</eqn><outflow>seen</outflow><non_negative/></stock>
<flow name="seen"><eqn>8</eqn></flow>
<stock name="home"><eqn>0</eqn><inflow>seen</inflow></stock>
</variables></model></xmile>
MODEL
cat > show.py <<'PYTHON'
import pysd

answer = pysd.read_xmile("people.xmile").run()[["waiting", "seen", "home"]]
print("PySD", pysd.__version__)
print(answer.to_string())
last = answer.iloc[-1]
print(f"In all: {last['waiting'] + last['home']:g} of 10 people.")
if (last["waiting"], last["home"]) != (0.0, 32.0):
    raise SystemExit("The behaviour has changed: 0 waited and 32 were at home.")
print("Shown: 32 people came home of 10 that waited.")
PYTHON
"$folder/venv/bin/python" show.py 2>/dev/null
