"""Facts: what happened, as Delta tables that only grow, with every input line accounted for."""
