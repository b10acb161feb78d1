"""The way every page asks the core: within the viewer's scope, through one cache a process; nothing is computed here.

measured = questions.figures(request.viewer, ["service_level", "aht"], by=["company"], months=[Month(2026, 10)])
"""
