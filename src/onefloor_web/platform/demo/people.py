"""Who is who in the demonstration: a user of every role in each company, and what each sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.roles import CLIENT_ONLY, VENDOR_ONLY, Role

SEES: Final[Mapping[Role, Promise]] = {
    Role.VENDOR_MANAGER: _("What all companies deliver, what is paid, and what waits for the client."),
    Role.PROJECT_MANAGER: _("What this vendor delivers and is paid, and what it waits for; nothing of other vendors."),
    Role.LEADER: _("The people and figures of one team."),
    Role.QA: _("Figures and contacts of this company."),
    Role.TRAINER: _("Figures and people of this company."),
    Role.PLANNER: _("Volumes and attendance of this company."),
    Role.SIGNATORY: _("Agreements and statements, to sign for this company."),
    Role.AGENT: _("Their own figures only."),
    Role.EXECUTIVE: _("Figures, money and risks, to read."),
    Role.AUDITOR: _("Who saw and changed what, to read."),
    Role.ADMINISTRATOR: _("Accounts, roles, sites, teams, roster and settings of this company."),
}
ORDER: Final = tuple(SEES)
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "Own": (
        "李芳 Li Fang", "", "赵敏 Zhao Min", "孙静 Sun Jing", "周浩 Zhou Hao", "吴桐 Wu Tong",
        "秦岚 Qin Lan", "郑欣 Zheng Xin", "王磊 Wang Lei", "冯雪 Feng Xue", "何平 He Ping",
    ),
    "North": (
        "", "陈敏 Chen Min", "林勇 Lin Yong", "许燕 Xu Yan", "韩涛 Han Tao", "邓洁 Deng Jie",
        "姚远 Yao Yuan", "曹宇 Cao Yu", "黄超 Huang Chao", "罗梅 Luo Mei", "梁刚 Liang Gang",
    ),
    "Harbor": (
        "", "刘洋 Liu Yang", "高玲 Gao Ling", "马军 Ma Jun", "朱婷 Zhu Ting", "胡伟 Hu Wei",
        "叶青 Ye Qing", "郭怡 Guo Yi", "宋明 Song Ming", "唐艳 Tang Yan", "谢强 Xie Qiang",
    ),
}  # fmt: skip
"""A name for each role of ``ORDER``; a role that a side does not have has none."""


def roles_in(company: str, *, client: bool) -> list[tuple[Role, str]]:
    """The roles of a company in the order of the cards, each with the name of its user."""
    absent = VENDOR_ONLY if client else CLIENT_ONLY
    names = NAMES.get(company) or tuple(f"{company} {role.value}" for role in ORDER)
    return [(role, name) for role, name in zip(ORDER, names, strict=True) if role not in absent]


def username(company: str, role: Role) -> str:
    """``north-project_manager``."""
    return f"{company.lower()}-{role.value}"
