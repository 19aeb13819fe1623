"""The engine on a real database: its worker, its sweep, its timers."""
