"""Turns files of other kinds into Markdown, in a process of its own that may die of them."""
