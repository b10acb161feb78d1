"""Keys of companies, and what has been signed with them: the ground on which agreements and statements stand."""
