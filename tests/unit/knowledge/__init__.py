"""Tests of the knowledge package that need neither the encoder nor Chroma."""
