"""Tests of parts with the real thing beneath them."""
