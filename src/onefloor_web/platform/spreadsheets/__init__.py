"""Tables as files: CSV and XLSX that say what they are of, for whom and when they were made.

Text that a spreadsheet would run as a formula is made harmless; numbers stay numbers.
"""
