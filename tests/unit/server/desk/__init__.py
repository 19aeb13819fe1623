"""Tests of the web desk, over fakes."""
