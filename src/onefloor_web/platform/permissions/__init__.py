"""Who may do what: one declaration gives lists, checks, menu and documentation."""
