"""One file for each change; see ``CONTRIBUTING.md``."""
