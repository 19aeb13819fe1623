"""What those that ask must not ask about where an answer is counted: a rule calls or offers a person."""

FOR_PEOPLE = frozenset({"charged-twice", "delete-account", "payment-declined"})
"""Ids of articles of the shop's starter pack."""
