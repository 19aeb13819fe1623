"""WhatsApp and SMS through Twilio: two channels, one account, one signature, one API."""
