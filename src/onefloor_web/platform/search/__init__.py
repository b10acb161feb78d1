"""Search: one field for everything the viewer may open, found by what the features have declared."""
