"""How well a knowledge base answers what people ask, and what to mend in it."""
