"""Slack: employees ask in messages, mentions and threads; staff work in a channel's threads."""
