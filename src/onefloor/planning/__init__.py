"""Planning a floor: forecast, simulate, staff, roster and repair.

Every part is plain functions on plain data: an immutable problem, a parameter record, a stop, and
``solve(problem, parameters, stop, seed)`` that answers with a result which explains itself. The parts meet in
``grid.Grid`` (which intervals) and in files with a version, never in each other's inner structures.
"""
