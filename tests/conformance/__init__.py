"""What every implementation of a port must do, and the fakes doing it."""
