"""Whether anything is lost, doubled or out of order when processes die at any moment."""
