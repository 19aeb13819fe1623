"""The language model behind one port; absent by default, and then nothing of it is imported."""
