"""Small models, one feature each, compared with PySD."""
