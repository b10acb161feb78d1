"""What agreements begin the demonstration with."""
