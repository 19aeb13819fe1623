"""The commands: each reads the settings, opens what it needs, and says what to do when it can't."""
