"""One handler a file: a turn goes in, an outcome comes out, nothing else happens."""
