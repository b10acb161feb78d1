"""Companies, sites, teams and people are made by ``world.py`` itself; here are only their addresses."""

CASES = {
    "company": lambda side: {"number": side.company.pk},
}
SHARED = {"company"}
KNOWN = {"company"}
