"""Rosters that keep a service level: the roster is simulated, its needs are put right, and it is searched again.

``problem`` says what is asked, ``solving`` answers it; ``floor`` lets the rostered people meet the model's customers,
``needs`` says how many agents an interval lacks or could spare, ``judging`` how the intervals stand on fresh chance.
"""
