"""Small linear heads that read moods and topics out of a message's vector; see `CARD.md`."""
