"""Whether a written sentence says only what its articles say: figures, dates, names, links."""
