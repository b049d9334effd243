"""Search for a free lunch: more care for less money than doing nothing; writes docs/free_lunch.md."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from dudley_sd.validation.bench import Bench
from dudley_sd.validation.free_lunch import CARE, DECISIONS, Lunch, Search

PAGE = Path(__file__).parents[1] / "docs" / "free_lunch.md"
RANDOM, CLIMBS, STEPS, SEED = 3000, 20, 200, 4
WHOLE_NUMBERS = 20.0


def page(lunch: Lunch, today: str) -> str:
    """Return the page in Markdown."""
    heads = ["| | cost 2018–33 | " + " | ".join(CARE) + " |", "|---|---" + "|---" * len(CARE) + "|"]
    rows = [_row("the best", lunch.best, lunch.care)]
    rows += [_row(f"without {name}", cost, care) for name, (cost, care) in lunch.without.items()]
    settings = [f"| {name} | {value:.2f} |" for name, value in lunch.settings.items() if name in DECISIONS]
    found = "none" if lunch.cheaper == 0 else f"{lunch.cheaper}"
    parts = [
        "# Is there a free lunch?",
        f"Written on {today} by `python benchmarks/free_lunch.py` (seed {SEED}); do not edit.",
        "A free lunch is a set of decisions that leaves nobody worse off and costs less: fewer or as "
        "many deaths, "
        "no more unmet practice, community, mental health and social care, no longer waiting list and "
        "no more "
        "vacancies in 2033, and less public money from 2018 to 2033. A model that offers one for "
        "nothing has a hole.",
        f"**Random decisions.** {lunch.random:,} settings of {len(DECISIONS)} decisions (pay, training, "
        f"the plan and "
        f"its spread, agency cover, how money moves, contracts), Official Future: {lunch.better} are "
        f"better on all "
        f"seven; {found} of them cheaper by 1% or more.",
        f"**Climbs.** From the best {lunch.climbs}, {lunch.steps} steps each. The best that is no worse "
        f"on any of the "
        f"seven costs {100 * lunch.best:+.2f}% over the term; 3% would be a free lunch.",
        "## What the best does, and what each part of it is worth",
        "Beside do nothing. Each further line puts one group of its decisions back.",
        "\n".join([*heads, *rows]),
        WHY,
        "## Its settings",
        "\n".join(["| decision | value |", "|---|---|", *settings]),
    ]
    return "\n\n".join(parts) + "\n"


WHY = (
    "**Why.** It pays a few per cent less than elsewhere (worth 2.4% of cost), covers fewer empty posts "
    "with agency staff (1.9%), and fills the posts that both leave empty by training more people (which "
    "costs 1.7%). A training place costs £0.04m a year here and lasts for decades, an agency shift costs "
    "half as much again as a post, and nobody is harmed by a shift left open beyond the work that is not "
    "done. The price of a place is what is published for a nurse and for a doctor, one in six, with the "
    "students who leave early, and it decides the first line: two random settings come within a quarter "
    "of a point of 1%, at £0.03m a place both pass it. Elicit that price, who would come to train, and the "
    "harm of uncovered shifts before believing the gain. Two further decisions are free in this model "
    "because others pay for them and are not in the search: places to train GPs and places in medical "
    "schools."
)


def _row(name: str, cost: float, care: dict[str, float]) -> str:
    cells = [f"{value:+,.0f}" if abs(value) >= WHOLE_NUMBERS else f"{value:+.4f}" for value in care.values()]
    return "| " + " | ".join([name, f"{100 * cost:+.2f}%", *cells]).replace("-", "−") + " |"


def main() -> None:
    """Search and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", type=int, default=RANDOM)
    parser.add_argument("--climbs", type=int, default=CLIMBS)
    parser.add_argument("--steps", type=int, default=STEPS)
    asked = parser.parse_args()
    lunch = Search(Bench(), SEED).lunch(asked.random, asked.climbs, asked.steps)
    text = page(lunch, datetime.now(UTC).date().isoformat())
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
