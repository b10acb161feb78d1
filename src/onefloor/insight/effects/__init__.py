"""Did it help: the effect of an action, by the estimator that follows from how the action started.

An action file records who got it, since when, and how they were picked; see ``action``. ``effect`` chooses.
"""
