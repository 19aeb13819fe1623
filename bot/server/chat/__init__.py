"""The web chat's door: the page, the widget and the API that they use."""
