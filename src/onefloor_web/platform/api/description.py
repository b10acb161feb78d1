"""The API's description for people, made from the same OpenAPI document that programs read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.utils.translation import gettext

from onefloor_web.platform.api.root import make


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in the address or the question part."""

    name: str
    where: str
    needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Described:
    """One operation."""

    method: str
    path: str
    summary: str
    words: str
    action: str
    parameters: tuple[Parameter, ...]
    statuses: str


the_api = cache(make)
"""The one API of this process, made when the addresses are read: all features are loaded by then."""


@cache
def described() -> list[tuple[str, list[Described]]]:
    """All operations by feature, in English, as programs read them."""
    groups: dict[str, list[Described]] = {}
    for tag, operation in _operations(the_api().get_openapi_schema()):
        groups.setdefault(tag, []).append(operation)
    return sorted(groups.items())


def in_words() -> list[tuple[str, list[Described]]]:
    """The same in the reader's language, as far as the catalogue goes."""
    return [(_words(tag), [_translated(one) for one in listed]) for tag, listed in described()]


def _translated(one: Described) -> Described:
    parameters = tuple(replace(parameter, words=_words(parameter.words)) for parameter in one.parameters)
    return replace(one, summary=_words(one.summary), words=_words(one.words), parameters=parameters)


def _words(text: str) -> str:
    return gettext(text).replace("``", "") if text else ""


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, Described]]:
    for path, methods in schema["paths"].items():
        for method, one in methods.items():
            yield one.get("tags", [""])[0], Described(
                method.upper(), path, one["summary"], one.get("description", ""), one.get("x-action", ""),
                tuple(_parameter(parameter) for parameter in one.get("parameters", ())),
                ", ".join(str(status) for status in one["responses"]),
            )  # fmt: skip


def _parameter(given: dict[str, Any]) -> Parameter:
    words = given.get("description") or given["schema"].get("description", "")
    return Parameter(given["name"], given["in"], bool(given.get("required")), words)
