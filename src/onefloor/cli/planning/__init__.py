"""Commands that plan the floor: forecast, simulate, staff, roster and repair."""
