"""The demonstration: companies and people of the generated year, and signing in with one click."""
