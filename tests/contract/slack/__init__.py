"""Slack on loopback: its Web API, its signed events and its sockets."""
