"""What settlement begins the demonstration with."""
