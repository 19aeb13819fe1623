"""Stand-ins for platforms, talking over loopback."""
