"""Every change of the tables of saved plans, in order."""
