"""Teams on the wire, against Microsoft's side on loopback."""
