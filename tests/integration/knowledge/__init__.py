"""Tests of the knowledge package with its encoder and Chroma."""
