"""The policy as a page of the documentation: what each role may see and do, from the rules themselves."""

from __future__ import annotations

from django.utils import translation

from onefloor_web.platform.accounts.queries import Permission, permissions
from onefloor_web.platform.permissions.roles import Role

INTRO = """# Permissions

Made from the rules the server itself asks, by `docs/reference/permissions.py`. What is not ticked is refused: a page
answers 404 as if it were not there. Below the rules stand two walls between the companies that no role opens.
"""


def permissions_page() -> str:
    """A table with a row for each action and a column for each role, in English."""
    with translation.override("en"):
        heads = ["which rows", "action", *(str(role.label) for role in Role)]
        lines = [heads, ["---"] * len(heads), *(_row(line) for line in permissions())]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"{INTRO}\n{table}\n"


def _row(line: Permission) -> list[str]:
    words = "<br>".join(str(word) for word in line.words)
    return [words, f"`{line.action}`", *("✓" if allowed else "" for _role, allowed in line.roles)]
