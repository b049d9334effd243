"""Writers: a plan as C, NumPy or JavaScript."""
