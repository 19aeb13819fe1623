"""The web chat as a channel: a send is a row of the visitor's feed, streamed by the server."""
