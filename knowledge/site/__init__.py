"""Reads a web site: politely, within its host, and never a private network by mistake."""
