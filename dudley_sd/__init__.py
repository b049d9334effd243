"""A system-dynamics model of Dudley's health and care system, 2018-2033."""
