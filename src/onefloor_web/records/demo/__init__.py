"""What the records begin the demonstration with."""
