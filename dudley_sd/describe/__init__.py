"""Pages that describe the model, written from the model file itself."""
