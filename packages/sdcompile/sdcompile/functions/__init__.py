"""Functions of model files: what each is, in every language that equations are written in."""
