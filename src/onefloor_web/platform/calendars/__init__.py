"""Deadlines in people's own calendars: an .ics feed for each user, at an address that is signed."""
