"""The door: HTTP in, verified and kept before it is answered."""
