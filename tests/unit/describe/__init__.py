"""Pages written from the model file."""
