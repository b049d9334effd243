"""Error of a result that cannot be true."""


class BrokenInvariantError(RuntimeError):
    """A result that must not be used: it says what cannot be, and where."""
