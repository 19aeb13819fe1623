"""Microsoft Teams: employees ask, and people on call answer."""
