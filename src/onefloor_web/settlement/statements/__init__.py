"""The statement of a month between the client and one company: run, issued, signed by both, locked."""
