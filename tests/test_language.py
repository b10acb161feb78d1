import pytest

from onefloor.language import Text, joined, preferred_language, same


@pytest.mark.parametrize(
    ("chosen", "language"),
    [("zh", "zh"), ("zh-Hans", "zh"), ("zh_CN.UTF-8", "zh"), ("en_GB.UTF-8", "en"), ("de_DE", "en"), ("C", "en")],
)
def test_the_language_follows_what_was_chosen(chosen, language):
    assert preferred_language(chosen) == language


def test_the_locale_decides_when_nothing_was_chosen(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert preferred_language() == "zh"


def test_sentences_join_without_a_space_in_chinese():
    both = Text("第一句。", "One.") + Text("第二句。", "Two.")
    assert both == Text("第一句。第二句。", "One. Two.")


def test_lists_use_each_languages_own_comma():
    assert joined([same("tax"), same("water")]) == Text("tax、water", "tax, water")
