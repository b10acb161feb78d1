"""The bench: enough qualified people for every skill although some will leave (缺人不缺才).

Class sizes that keep the chance of a shortage below what is agreed, the drill of a sudden leave, what to train first.
"""
