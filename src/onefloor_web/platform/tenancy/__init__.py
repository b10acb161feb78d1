"""Whose row is it: two walls between companies, one in the application and one in the database.

The first wall is django-scopes: a query outside a scope fails loudly. The second is forced row-level security: a
forgotten filter, a bulk update or raw SQL sees and touches only what the bound company may see. Every model says which
class of tenancy it has; a test refuses one that does not.
"""
