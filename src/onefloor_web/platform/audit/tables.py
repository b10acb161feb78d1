"""The tables whose history is kept, found from the models themselves."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Field, Model

from onefloor_web.platform.tenancy.classes import GUARDED, tenancy_of


@dataclass(frozen=True, slots=True)
class Tracked:
    """A model and the table of its history."""

    model: type[Model]
    history: type[Model]

    @property
    def name(self) -> str:
        """How addresses name it: ``companies.team``."""
        return self.model._meta.label_lower

    @property
    def label(self) -> str:
        """How people name it."""
        return str(self.model._meta.verbose_name)

    @property
    def table(self) -> str:
        """The history's table."""
        return self.history._meta.db_table

    @property
    def fields(self) -> dict[str, Field[object, object]]:
        """The fields whose values are kept, by their columns."""
        kept = {field.column for field in self.history._meta.concrete_fields}
        return {str(field.column): field for field in self.model._meta.concrete_fields if field.column in kept}


def tracked() -> dict[str, Tracked]:
    """All of them by name. A table without walls of its own is never shown."""
    found = [
        Tracked(model, history)
        for history in apps.get_models()
        if (model := getattr(history, "pgh_tracked_model", None)) and tenancy_of(history) in GUARDED
    ]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}
