"""How far is one series from another, and of what kind is the difference?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Errors:
    """Measures of what a model's series misses of the data.

    Attributes
    ----------
    mean_error
        Mean of model less data, as a share of the mean of the data; its sign says which is higher.
    mean_absolute_percentage_error
        Mean of the distance at each point, as a share of the data there.
    root_mean_square
        In the unit of the data.
    bias, unequal_variation, unequal_covariation
        Theil's shares of the mean squared error (Theil 1966; Sterman 1984): from a different mean, from
        swings or trends of a different size, and from differences point by point. They add up to 1; none of
        them where there is no error at all.
    inequality
        Theil's U: root mean square error over the sum of the root mean squares; 0 perfect, 1 worst.
    """

    mean_error: float
    mean_absolute_percentage_error: float
    root_mean_square: float
    bias: float
    unequal_variation: float
    unequal_covariation: float
    inequality: float


def errors(model: npt.ArrayLike, data: npt.ArrayLike) -> Errors:
    """Compare two series point by point.

    Parameters
    ----------
    model, data
        The same points in the same order, at least two; data without a zero.

    Returns
    -------
    Errors
        All measures.

    Examples
    --------
    >>> errors([11, 21, 31], [10, 20, 30]).bias
    1.0
    """
    p, a = np.ravel(np.asarray(model, dtype=float)), np.ravel(np.asarray(data, dtype=float))
    if p.shape != a.shape or p.size < 2 or not np.all(a):
        raise ValueError(f"{p.size} and {a.size} points: give the same two or more, data without a zero")
    square = float(np.mean((p - a) ** 2))
    spread_p, spread_a = float(p.std()), float(a.std())
    covariance = float(np.mean((p - p.mean()) * (a - a.mean())))
    parts = (
        float((p.mean() - a.mean()) ** 2),
        (spread_p - spread_a) ** 2,
        2 * (spread_p * spread_a - covariance),
    )
    shares = [part / square if square else 0.0 for part in parts]
    scale = float(np.sqrt(np.mean(p**2)) + np.sqrt(np.mean(a**2)))
    return Errors(
        mean_error=float((p.mean() - a.mean()) / a.mean()),
        mean_absolute_percentage_error=float(np.mean(np.abs((p - a) / a))),
        root_mean_square=float(np.sqrt(square)),
        bias=shares[0],
        unequal_variation=shares[1],
        unequal_covariation=max(0.0, shares[2]),
        inequality=float(np.sqrt(square)) / scale,
    )
