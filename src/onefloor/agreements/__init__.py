"""Agreements: dated terms, clauses, settlement, statements and their proof."""
