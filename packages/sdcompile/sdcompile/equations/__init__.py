"""Checked equations of a model as data: expressions, variables, tables."""
