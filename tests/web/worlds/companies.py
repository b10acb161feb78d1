"""Companies, sites, teams and people are made by ``world.py`` itself; here are only their addresses."""

CASES = {
    "company": lambda side: {"number": side.company.pk},
    "company_settings": lambda side: {"number": side.company.pk},
    "person": lambda side: {"code": side.people[0].code},
    "roster_move": lambda side: {"code": side.people[0].code},
    "site_change": lambda side: {"number": side.site.pk},
    "team": lambda side: {"number": side.team.pk},
    "team_change": lambda side: {"number": side.team.pk},
    "api:company": lambda side: {"number": side.company.pk},
    "api:team": lambda side: {"number": side.team.pk},
    "api:person": lambda side: {"number": side.people[0].pk},
}
SHARED = {"company", "person", "roster_move", "team", "api:company", "api:team", "api:person"}
KNOWN = {"company", "api:company"}
