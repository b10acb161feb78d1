"""Guards: selling against quality, gaming of what is paid, and contracts that are green while customers complain.

Everything is observed against expected of peers in the same queue and hour. A guard opens a conversation and more
sampling; it never carries a sanction.
"""
