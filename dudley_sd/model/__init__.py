"""The Vensim model file to checked equations: what it holds, whether it is sound, what may be set."""
