#!/usr/bin/env bash
# A blank line in a CSV file moves every cell below it up: PySD reads cell B3 from the fourth line of the file.
# In a workbook with the same rows the same cell is read from the third row.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "pysd==3.14.3" "pandas<3"
cd "$folder"

printf 'births,100\n\ndeaths,200\nmoves,300\n' > people.csv
"$folder/venv/bin/python" -c "
import openpyxl
book = openpyxl.Workbook()
book.active.title = 'people'
for row in (['births', 100], [], ['deaths', 200], ['moves', 300]):
    book.active.append(row)
book.save('people.xlsx')
"
cat > people.mdl <<'MODEL'
{UTF-8}
from text = GET DIRECT CONSTANTS('people.csv', ',', 'B3') ~ people ~ |
from workbook = GET DIRECT CONSTANTS('people.xlsx', 'people', 'B3') ~ people ~ |
INITIAL TIME = 0 ~ Year ~ |
FINAL TIME = 1 ~ Year ~ |
TIME STEP = 1 ~ Year ~ |
SAVEPER = 1 ~ Year ~ |
MODEL
cat > show.py <<'PYTHON'
from pathlib import Path

import pysd

for number, line in enumerate(Path("people.csv").read_text().splitlines(), start=1):
    print(f"line {number}: {line}")
answer = pysd.read_vensim("people.mdl").run().iloc[0]
found = {name: float(answer[name]) for name in ("from text", "from workbook")}
print("PySD", pysd.__version__, "- cell B3:", found)
if found != {"from text": 300.0, "from workbook": 200.0}:
    raise SystemExit("The behaviour has changed: B3 of the CSV file was 300 and of the workbook 200.")
print("Shown: B3 of the CSV file is the cell of line 4, of the workbook that of row 3.")
PYTHON
"$folder/venv/bin/python" show.py 2>/dev/null
