"""Which product lines an agent learns: agents and training hours from one skill each to all skills, and the groups
that cost least of both.
"""
