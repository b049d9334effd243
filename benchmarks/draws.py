"""Draw all settings over futures and contracts, check every result and write draws.md."""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from dudley_sd.validation.behaviour_search import draw_all
from dudley_sd.validation.bench import Bench

PAGE = Path(__file__).with_suffix(".md")
DRAWS, SEED = 20_000, 18
SHOWN, LONGEST = 20, 200


def main() -> None:
    """Draw, check and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=DRAWS)
    asked = parser.parse_args()
    started = time.monotonic()
    drawn = draw_all(Bench(), asked.draws, SEED)
    lines = [
        "# Random draws of all settings",
        f"Written on {datetime.now(UTC).date().isoformat()} by `python benchmarks/draws.py "
        f"--draws {asked.draws}` (seed {SEED}, {time.monotonic() - started:.0f} s); do not edit.",
        f"{drawn.count:,} draws of every lever within its limits, every second one in a named future and "
        "under a named contract, each in turn. Finite, no negative stock, every share within 0 and 1, "
        f"people, GPs, staff and money conserved: **{len(drawn.broken)} break a rule.**",
        *(f"- {' '.join(line.split())[:LONGEST]}" for line in drawn.broken[:SHOWN]),
    ]
    PAGE.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    print("\n\n".join(lines))


if __name__ == "__main__":
    main()
