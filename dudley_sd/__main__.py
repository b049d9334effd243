"""Run the command line with ``python -m dudley_sd``."""

from dudley_sd.cli import main

if __name__ == "__main__":
    main()
