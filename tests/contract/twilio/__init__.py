"""Twilio on loopback: an API that checks what it is asked, and webhooks signed as it signs them."""
