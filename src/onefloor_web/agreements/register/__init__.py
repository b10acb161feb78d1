"""The agreements of the floor and their versions: what holds, from when on, and who has signed it."""
