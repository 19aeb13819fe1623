"""WhatsApp and SMS from end to end: the program on one side, the double on the other."""
