"""Classes of models that are changed in place are those that Django would build anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from onefloor_web.platform.tenancy.management.commands import migrate

# The command is not run in test processes, so these are Django's own.
DJANGOS = {name: getattr(ProjectState, name) for name in migrate.QUICK}
Change = Callable[[ProjectState], None]
NAMED = models.Index(fields=["name"], name="crew_name")
PAIR = models.UniqueConstraint(fields=["name", "crew"], name="member_pair")
CHANGES: dict[str, Change] = {
    "a model": lambda state: state.add_model(
        ModelState("ships", "Badge", [("id", models.AutoField(primary_key=True)), ("holder", to("Member"))])
    ),
    "a model of itself": lambda state: state.add_model(
        ModelState("ships", "Deck", [("id", models.AutoField(primary_key=True)), ("above", to("self"))])
    ),
    "a model with many": lambda state: state.add_model(
        ModelState("ships", "Trip", [("id", models.AutoField(primary_key=True)), ("crews", many("Crew"))])
    ),
    "an index": lambda state: state.add_index("ships", "crew", NAMED),
    "a constraint": lambda state: state.add_constraint("ships", "member", PAIR),
    "no index": lambda state: state.remove_index("ships", "crew", "crew_old"),
    "no constraint": lambda state: state.remove_constraint("ships", "member", "member_old"),
}


def to(model: str) -> models.Field:
    return models.ForeignKey(model if model == "self" else f"ships.{model}", models.CASCADE)


def many(model: str) -> models.Field:
    return models.ManyToManyField(f"ships.{model}")


def ships() -> ProjectState:
    """Two models with their classes."""
    crew = [("id", models.AutoField(primary_key=True)), ("name", models.TextField())]
    old = models.UniqueConstraint(fields=["name"], name="member_old")
    state = ProjectState()
    state.add_model(ModelState("ships", "Crew", crew, {"indexes": [models.Index(fields=["-name"], name="crew_old")]}))
    state.add_model(ModelState("ships", "Member", [*crew, ("crew", to("Crew"))], {"constraints": [old]}))
    assert state.apps.is_installed("ships")
    return state


def described(state: ProjectState) -> dict[str, tuple[list[str], ...]]:
    """Each class with its fields, also those of other models that lead to it, its indexes and constraints."""
    return {
        one.__name__: (
            sorted(f"{field.name} {field.related_model}" for field in one._meta.get_fields(include_hidden=True)),
            [str(index) for index in one._meta.indexes],
            [str(constraint) for constraint in one._meta.constraints],
        )
        for one in state.apps.get_models(include_auto_created=True)
    }


@pytest.mark.parametrize("change", CHANGES)
def test_the_classes_are_those_that_django_builds_and_others_stay(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, quick = ships(), ships()
    for name, its in DJANGOS.items():
        monkeypatch.setattr(ProjectState, name, its)
    CHANGES[change](wanted)
    for name, ours in migrate.QUICK.items():
        monkeypatch.setattr(ProjectState, name, ours)
    before = described(quick)
    kept = [quick.apps.get_model("ships", name) for name in ("crew", "member")]
    CHANGES[change](quick)
    assert described(quick) == described(wanted) != before
    assert quick.models == wanted.models
    assert [quick.apps.get_model("ships", name) for name in ("crew", "member")] == kept
