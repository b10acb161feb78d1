"""Records: contacts, imports, rosters, scorecards - what the floor holds and how it is looked at."""
