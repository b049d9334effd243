"""Official ONS projection files, as published, to the tidy tables under ``inputs/ons``."""
