"""Tags of the audit trail."""
