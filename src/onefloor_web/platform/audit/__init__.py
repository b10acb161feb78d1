"""The audit trail as people read it: who changed what, from what to what, when, on which page or in which job."""
