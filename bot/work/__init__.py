"""The engine: jobs, workers, due timers, and the sweep for what was left behind."""
