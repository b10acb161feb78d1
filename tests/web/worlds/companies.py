"""Companies, sites, teams and people are made by ``world.py`` itself; here are only their addresses."""

CASES = {
    "company": lambda side: {"number": side.company.pk},
    "api:company": lambda side: {"number": side.company.pk},
    "api:team": lambda side: {"number": side.team.pk},
    "api:person": lambda side: {"number": side.people[0].pk},
}
SHARED = {"company", "api:company", "api:team", "api:person"}
KNOWN = {"company", "api:company"}
