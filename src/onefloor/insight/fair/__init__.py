"""Fair comparison: would our own people have done better on the same work, and with the same experience?

Cells of counts in, one finding a company and question out. Agents are the chance, not contacts; what is not comparable
is refused with its reason.
"""
