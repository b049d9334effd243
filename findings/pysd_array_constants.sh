#!/usr/bin/env bash
# A constant listed over a range keeps eight digits in PySD: 123456789.125 becomes 123456789, a twelfth 0.08333333.
# So do the points of a lookup. The same number as a constant without a range keeps all of them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "pysd==3.14.3" "pandas<3"
cd "$folder"

cat > budget.mdl <<'MODEL'
{UTF-8}
Ward: North, South ~~ |
budget[Ward] = 123456789.125, 250000000.5 ~ pounds ~ |
budget of the north = 123456789.125 ~ pounds ~ |
ageing[Ward] = 0.08333333333333333, 0.05 ~ 1/Year ~ |
ageing of the north = 0.08333333333333333 ~ 1/Year ~ |
ageing by date((0, 0.08333333333333333), (1, 0.08333333333333333)) ~ 1/Year ~ |
ageing looked up = ageing by date(Time) ~ 1/Year ~ |
INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 1 ~ Year ~ |
TIME STEP = 1 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
MODEL
cat > show.py <<'PYTHON'
import pysd

answer = pysd.read_vensim("budget.mdl").run().iloc[0]
pairs = {
    "budget": (float(answer["budget[North]"]), float(answer["budget of the north"])),
    "ageing": (float(answer["ageing[North]"]), float(answer["ageing of the north"])),
    "ageing by date": (float(answer["ageing looked up"]), float(answer["ageing of the north"])),
}
for name, (listed, alone) in pairs.items():
    print("PySD", pysd.__version__, f"- {name}: listed {listed!r}, alone {alone!r}")
twelfth = (0.08333333, 0.08333333333333333)
if pairs != {"budget": (123456789.0, 123456789.125), "ageing": twelfth, "ageing by date": twelfth}:
    raise SystemExit("The behaviour has changed: listed constants kept eight digits, single ones all of them.")
print("Shown: constants listed over a range and the points of a lookup are rounded to eight digits.")
PYTHON
"$folder/venv/bin/python" show.py 2>/dev/null
