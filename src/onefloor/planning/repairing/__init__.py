"""Repair of a published roster on the day: sudden absence, late arrival, a spike of demand, a swap.

``state`` keeps a roster with its cover in memory; ``repair`` answers in milliseconds with few changes, each with its
reason and what else would have done.
"""
