"""What the client owes each vendor: by when, whether it was delivered, and what follows if it was not."""
