"""Teams over the whole program, beside a double of Microsoft on loopback."""
