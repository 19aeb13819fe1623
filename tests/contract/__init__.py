"""Doubles of the platforms, held to what those document, and driven by their own libraries."""
