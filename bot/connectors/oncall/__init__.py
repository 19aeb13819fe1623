"""Who is on call: calendars read in a process of their own, rotations, hours, and people."""
