"""Showing a statement: one HTML file, a workbook, a PDF. None of them computes anything."""
