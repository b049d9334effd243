"""Where do the variables of a loop stand so that one goes round it with the eye?"""

from __future__ import annotations

from dudley_dashboard.pages.how_it_works.picture import BOX_HEIGHT, BOX_WIDTH

Place = tuple[float, float]

ACROSS, DOWN = BOX_WIDTH + 58, BOX_HEIGHT + 46
"""From one box to the next: there is room for an arrow and its sign."""

MARGIN = 14.0


def round_a_rectangle(count: int, columns: int) -> list[Place]:
    """Return places clockwise round a rectangle, the first at the upper left.

    Parameters
    ----------
    count
        Boxes to place.
    columns
        How many stand side by side at most.

    Returns
    -------
    list of tuple
        Middle of each box. The last row may be open where the number is odd.
    """
    if count <= 2:
        return [_middle(0, row) for row in range(count)]
    wide = max(2, min(columns, (count + 1) // 2))
    inner = count - 2 * wide  # boxes on the two sides between the upper and the lower row
    right = max(0, (inner + 1) // 2)
    left = max(0, inner - right)
    last = right + 1
    places = [_middle(column, 0) for column in range(wide)]
    places += [_middle(wide - 1, row) for row in range(1, right + 1)]
    below = count - wide - right - left
    places += [_middle(wide - 1 - column, last) for column in range(below)]
    places += [_middle(0, last - row) for row in range(1, left + 1)]
    return places


def in_rows(count: int, columns: int) -> list[Place]:
    """Return places for a chain: along a row, back along the next, and so on."""
    places = []
    for number in range(count):
        row, column = divmod(number, columns)
        places.append(_middle(column if row % 2 == 0 else columns - 1 - column, row))
    return places


def sheet(places: list[Place]) -> tuple[float, float]:
    """Return width and height of the sheet that holds boxes at these places."""
    width = max(x for x, _ in places) + BOX_WIDTH / 2 + MARGIN
    height = max(y for _, y in places) + BOX_HEIGHT / 2 + MARGIN
    return width, height


def _middle(column: int, row: int) -> Place:
    return MARGIN + BOX_WIDTH / 2 + column * ACROSS, MARGIN + BOX_HEIGHT / 2 + row * DOWN
