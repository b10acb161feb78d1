"""The settings of the web with the kinds of jobs of the tests."""

from onefloor_web.settings import *  # noqa: F403
from onefloor_web.settings import INSTALLED_APPS as APPS

INSTALLED_APPS = [*APPS, "job_kinds"]
