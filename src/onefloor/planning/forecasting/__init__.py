"""How many calls come and how long they take, by queue and interval, and how sure that is.

Days carry effects (holidays, the days around them, the days of the month, campaigns); without them they are alike by
weekday, and plain averages forecast them well. Candidates are weighed by what they would have said at past origins,
and the same errors make the intervals.
"""
