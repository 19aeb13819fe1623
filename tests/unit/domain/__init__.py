"""The words and the state machine."""
