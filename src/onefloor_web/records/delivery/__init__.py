"""What Today says of the records: how each role's own part delivers, and which of its facts need somebody."""
