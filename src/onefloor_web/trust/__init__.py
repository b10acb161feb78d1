"""What the two companies trust each other with: requests of the vendor, answered by the client with a clock."""
