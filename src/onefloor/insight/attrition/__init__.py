"""Who stays and who leaves: survival of people in their jobs, with delayed entry.

Whoever was hired before the records begin is watched only from that day on (left truncation): he counts as at risk from
the tenure he then had, never from his first day. ``spells`` says so for every estimator of this package.
"""
