"""What the product knows: sources, encoder, indexes, and the gate that admits not knowing."""
