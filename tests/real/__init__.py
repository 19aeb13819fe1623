"""Tests that need Debian or npm packages: `make test-real` installs what is missing."""
