"""Personal data: who opened it and what for, how long it stays, and what happens when a vendor leaves."""
