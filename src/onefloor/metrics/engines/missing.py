"""The problem of an engine whose package is not installed."""

from __future__ import annotations

from onefloor.language import Text
from onefloor.problems import Problem

EXTRAS = {"spark": "spark", "clickhouse": "clickhouse"}


class MissingEngine(Problem):
    """floor.toml names an engine that is not installed."""

    def __init__(self, name: str) -> None:
        command = f'pip install "onefloor[{EXTRAS[name]}]"'
        super().__init__(
            Text(f"引擎 {name} 未安装。", f"The engine {name} is not installed."),
            remedy=Text(
                f"请运行 {command}，或在 floor.toml 中使用 duckdb。", f"Run {command}, or use duckdb in floor.toml."
            ),
        )
