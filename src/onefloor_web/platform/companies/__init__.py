"""The companies of a floor, their sites, teams and people, and who was employed where and when."""
