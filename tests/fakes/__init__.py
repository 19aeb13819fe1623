"""The ports in memory, written from the ports alone."""
