"""Rules that call a person: their conditions, what those look at, and what follows."""
