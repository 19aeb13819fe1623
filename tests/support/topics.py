"""What nobody must ask about where answers are counted: a rule calls or offers a person."""

FOR_PEOPLE = frozenset({"charged-twice", "delete-account", "payment-declined"})
"""Ids of articles of the shop's starter pack."""
