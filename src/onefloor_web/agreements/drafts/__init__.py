"""Drafts of agreements and amendments: written as a form and as YAML, shared with the other company, then proposed."""
