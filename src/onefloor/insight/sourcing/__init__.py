"""Sourcing economics: what one resolved contact costs with own staff, dispatched staff, a vendor, or a mix of them.

A file names the options with all their cost items, every number as low..mid..high. The same issues of customers are
given to each option for some months; issues that are not resolved come back and are paid for again, or are lost, which
is printed beside. Uncertainty that all options share is drawn once for all of them. The verdict comes from the interval
of the gap; an item that one side does not state is named and makes the two not comparable.
"""
