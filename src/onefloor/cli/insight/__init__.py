"""Commands that find out: what differs, what moved, why, and what helped."""
