"""Logs and metrics: what happened and how often, never what was said."""
