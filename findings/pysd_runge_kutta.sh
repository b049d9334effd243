#!/usr/bin/env bash
# PySD integrates a Vensim file whose settings ask for Runge-Kutta 4 by Euler's method, without a warning.
# x' = v, v' = -x from x = 1: cos(t). The fourth number of settings line 15 is the method; 1 and 5 are Runge-Kutta 4.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "pysd==3.14.3" "pandas<3"
cd "$folder"

cat > pendulum.mdl <<'MODEL'
{UTF-8}
x = INTEG(v, 1) ~ m ~ |
v = INTEG(-x, 0) ~ m/s ~ |
INITIAL TIME = 0 ~ s ~ |
FINAL TIME = 6 ~ s ~ |
TIME STEP = 1 ~ s ~ |
SAVEPER = 1 ~ s ~ |

\\\---/// Sketch information - do not modify anything except names
V300  Do not put anything below this section - it will be ignored
*View 1
$192-192-192,0,Times New Roman|12||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0
///---\\\
:L<%^E!@
15:0,0,0,1,0,0
MODEL
cat > show.py <<'PYTHON'
import math
import warnings

import pysd

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    x = pysd.read_vensim("pendulum.mdl").run()["x"]

told = [str(w.message) for w in caught if "integrat" in str(w.message).lower()]
euler, runge_kutta = [(1.0, 0.0)], [(1.0, 0.0)]
for _ in range(6):
    (a, b) = euler[-1]
    euler.append((a + b, b - a))
    (a, b) = runge_kutta[-1]
    c, s = 1 - 1 / 2 + 1 / 24, 1 - 1 / 6  # the series of cos and sin as far as a step of RK4 goes
    runge_kutta.append((c * a + s * b, c * b - s * a))
print("PySD", pysd.__version__, "- warnings about the method:", told or "none")
print("t   PySD      Euler     RK4       cos t")
for t, value in x.items():
    k = round(t)
    print(f"{k}   {value:<9.4f} {euler[k][0]:<9.4f} {runge_kutta[k][0]:<9.4f} {math.cos(t):.4f}")
same = all(abs(value - euler[round(t)][0]) < 1e-9 for t, value in x.items())
if not same or told:
    raise SystemExit("The behaviour has changed: it is not Euler's method in silence any more.")
print("Shown: Euler's numbers for a file that asks for Runge-Kutta 4, and no word about it.")
PYTHON
"$folder/venv/bin/python" show.py
