"""Careline's core: it answers, knows when it does not know, and hands over to a person."""
