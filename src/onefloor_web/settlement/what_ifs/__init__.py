"""What-ifs: past months settled again under other terms, beside what was signed."""
