"""The first company and the first administrator of a real floor."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_an_empty_floor_gets_a_client_and_its_administrator_who_comes_in_by_the_link(db: None, client: Client) -> None:
    said("add_company", "Own", "--client")
    link = said("add_administrator", "Own", "wang", "--address", "http://testserver").splitlines()[-1]
    page = client.get(re.fullmatch(r"http://testserver(/\S+)", link)[1], follow=True)
    new = "a new long pass phrase"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert client.post("/sign-in/", {"login": "wang", "password": new}, follow=True).redirect_chain == [
        ("/today/", 302),
        ("/sign-in/second-factor/app/add/", 302),
        ("/sign-in/confirm/?next=%2Fsign-in%2Fsecond-factor%2Fapp%2Fadd%2F", 302),
    ]


@pytest.mark.parametrize("again", [("Own", "--vendor"), ("Other", "--client")])
def test_a_name_twice_and_a_second_client_are_refused(db: None, again: tuple[str, str]) -> None:
    said("add_company", "Own", "--client")
    with pytest.raises(CommandError, match="was not added"):
        said("add_company", *again)


def test_an_administrator_of_no_company_and_a_taken_name_are_refused(db: None) -> None:
    with pytest.raises(CommandError, match="No company North; there are: none yet"):
        said("add_administrator", "North", "wang")
    said("add_company", "North", "--vendor")
    said("add_administrator", "North", "wang")
    with pytest.raises(CommandError, match="The user name WANG is taken"):
        said("add_administrator", "North", "WANG")
