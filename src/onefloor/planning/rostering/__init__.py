"""Rosters: who works which shift on which day, with breaks placed, for several companies and skills at once.

``problem`` states it, ``rules`` are the dated limits, ``solving.solve`` answers, ``checking`` checks the answer without
the engine, ``files`` reads and writes it.
"""
