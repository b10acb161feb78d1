"""Least staff of pools with several skills, found with the simulator: cuts for steady pools, corrections for a day.

``problem`` says what is asked, ``solving`` answers it for pools that several types share, ``daily`` for a queue of one
skill over a day; both check themselves on chance they have not seen.
"""
