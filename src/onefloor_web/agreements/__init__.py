"""What both companies have agreed: terms with dates, signatures, forecasts, exclusions, duties."""
