"""Contacts: search, and one contact with its legs."""
