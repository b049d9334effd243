"""Small parts on their own."""
