"""Telling people and programs what has happened: in the pages, by mail, and to the addresses a company has named."""
