"""Requests of a vendor: a new problem, a need, a defect, authority asked for; the clock runs on the client."""
