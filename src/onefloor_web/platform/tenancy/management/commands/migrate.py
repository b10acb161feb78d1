"""Django's ``migrate``, which builds only the classes of models whose fields have changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

LISTS = {
    "add_index": "indexes",
    "remove_index": "indexes",
    "add_constraint": "constraints",
    "remove_constraint": "constraints",
}
"""Changes of a list that a model's class holds, and which one."""


class Command(migrate.Command):
    """As Django's own; only a change of fields has a model and all that are related to it built anew.

    Django builds the classes of a model and of all that lead to it after each of our hundreds of operations: most of
    the time of a first start. But a trigger is no part of a class, an index and a constraint are entries of a list that
    it holds, and a new model is one class more. What goes to the database is the same.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate."""
        AddTrigger.state_forwards, RemoveTrigger.state_forwards = _added, _removed
        for name, change in QUICK.items():
            setattr(ProjectState, name, change)
        super().handle(*args, **options)


def _added(self: AddTrigger, app_label: str, state: ProjectState) -> None:
    options = state.models[app_label, self.model_name].options
    options["triggers"] = [*options.get("triggers", []), self.trigger]


def _removed(self: RemoveTrigger, app_label: str, state: ProjectState) -> None:
    options = state.models[app_label, self.model_name].options
    options["triggers"] = [held for held in options.get("triggers", []) if held.name != self.name]


def _with_its_class(change: Callable[..., None]) -> Callable[..., None]:
    def changed(self: ProjectState, model: ModelState) -> None:
        classes = self.__dict__.pop("apps", None)  # without them Django changes the state alone
        change(self, model)
        if classes is not None:
            self.apps = classes
            classes.render_multiple([model])

    return changed


def _in_its_list(change: Callable[..., None], option: str) -> Callable[..., None]:
    def changed(self: ProjectState, app_label: str, model_name: str, what: Any) -> None:
        classes = self.__dict__.pop("apps", None)
        change(self, app_label, model_name, what)
        if classes is not None:
            self.apps = classes
            held = self.models[app_label, model_name].options[option]
            setattr(classes.get_model(app_label, model_name)._meta, option, held)

    return changed


QUICK = {
    "add_model": _with_its_class(ProjectState.add_model),
    **{name: _in_its_list(getattr(ProjectState, name), option) for name, option in LISTS.items()},
}
