"""What the page on uncertainty shows and how it is worked out."""
