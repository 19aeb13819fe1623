"""The core over fakes of everything around it."""
