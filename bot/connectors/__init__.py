"""The outside systems that skills and escalation ask."""
