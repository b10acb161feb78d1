"""Forms as they are rendered everywhere: what, why, remedy; a summary that leads to each field; input kept."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation


class Terms(forms.Form):
    target = forms.DecimalField(label="目标", help_text="百分数", error_messages={"required": "没有目标。请写成 82。"})
    note = forms.CharField(label="说明", required=False)
    window = forms.ChoiceField(label="周期", choices=[("m", "月")], widget=forms.RadioSelect)
    share = forms.BooleanField(label="共享", required=False)
    queue = forms.ChoiceField(label="队列", choices=[("tax", "税务")])


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def html(form: forms.Form) -> str:
    page = Template('{% load pages %}{% form form submit="保存" consequence="之后锁定。" cancel="/" %}')
    return page.render(Context({"form": form, "csrf_token": "token"}))


def test_every_input_has_its_label_and_its_help():
    page = html(Terms())
    inputs = set(re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', page))
    labels = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    assert inputs - labels == set()
    assert 'aria-describedby="id_target_helptext"' in page
    assert '<p class="field-help" id="id_target_helptext">百分数</p>' in page


def test_fields_that_may_stay_empty_are_marked_not_the_others():
    assert html(Terms()).count("（选填）") == 1


def test_errors_stand_on_top_with_a_link_and_beside_the_field_and_input_is_kept():
    page = html(Terms({"note": "<kept>", "queue": "tax", "window": "m"}))
    assert '<a href="#id_target">目标</a>：没有目标。请写成 82。' in page
    assert '<p class="field-error">没有目标。请写成 82。</p>' in page
    assert "有 1 处需要修改" in page
    assert 'value="&lt;kept&gt;"' in page
    assert 'aria-invalid="true"' in page
    assert "id_target_error" in re.search(r'<input[^>]*name="target"[^>]*>', page).group()


def test_an_error_of_a_group_leads_to_the_group():
    page = html(Terms({"target": "82", "queue": "tax"}))
    target = re.search(r'<a href="#([^"]+)">周期</a>', page).group(1)
    assert f'id="{target}"' in page


def test_a_form_says_its_consequence_before_the_button_and_carries_its_token():
    page = html(Terms())
    assert page.index("之后锁定。") < page.index("保存")
    assert 'name="csrfmiddlewaretoken" value="token"' in page
    assert "enctype" not in page
