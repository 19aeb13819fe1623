"""How fast it is, how much it takes, and whether that stays so as everything grows."""
