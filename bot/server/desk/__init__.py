"""The web desk: staff see hand-offs, claim them, answer, and hand them back."""
