"""What a run promises, and the files it leaves."""
