"""Rules that call a person."""
