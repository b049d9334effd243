"""Tests: numbers that others printed, things true of any input, our own frozen numbers, and units."""
