"""What is owed: statements both companies sign, disputes about their lines, corrections of locked months."""
