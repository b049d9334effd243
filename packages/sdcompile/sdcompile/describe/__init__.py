"""Descriptions of a model: what each variable is, its links and their signs, loops, pictures, pages."""
