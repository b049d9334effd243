"""Validation: tests of structure and behaviour of the model, each with figure and verdict."""
