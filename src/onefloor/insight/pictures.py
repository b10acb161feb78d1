"""Pictures for reports: the frame every picture of this package is drawn in, saved as SVG and PNG.

Matplotlib is loaded only when something is drawn. Nothing is said by colour alone, and every axis has a unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefloor.language import Language, Text
from onefloor.problems import Problem
from onefloor.writing import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, QUIET, FAINT = "#1f2937", "#6b7280", "#e5e7eb"
OURS, THEIRS, ALARM = "#2563eb", "#b45309", "#b91c1c"  # told apart by people who see no red or green too
DPI = 160
NO_NOTE = Text("", "")
# Sans-serif families with simplified Chinese, as Matplotlib names them; the first that the machine has is taken.
FAMILIES = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK JP",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Heiti SC", "SimHei", "Droid Sans Fallback",
)  # fmt: skip


class NothingToDrawWith(Problem):
    """Matplotlib is not installed."""

    def __init__(self) -> None:
        super().__init__(
            Text("无法作图：没有安装 Matplotlib。", "No picture can be drawn: Matplotlib is not installed."),
            remedy=Text(
                '请安装 "onefloor[insight]"，或加上 --no-picture。',
                'Install "onefloor[insight]", or ask for --no-picture.',
            ),
        )


class BadPictureName(Problem):
    """A picture is to go where no file can be."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"无法在“{path.parent}”中保存图片：没有该目录。", f'There is no folder "{path.parent}" for the picture.'
            ),
            remedy=Text("请先建立该目录，或换一个 --picture。", "Make it first, or give another --picture."),
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: a title that says the finding, and the marks on one or more panels.

    ``draw`` gets the panels from top to bottom and the language; ``heights`` are their shares of the height.
    ``note`` stands below: n, interval, where the rows come from.
    """

    title: Text
    draw: Callable[[Sequence[Axes], Language], None]
    note: Text = NO_NOTE
    size: tuple[float, float] = (8.0, 4.5)  # inches
    heights: tuple[float, ...] = (1.0,)


def save(picture: Picture, path: Path, language: Language) -> tuple[Path, Path]:
    """Write a picture as ``path`` with the endings .svg and .png; equal input gives equal bytes.

    Raises:
        NothingToDrawWith: Matplotlib is not installed.
        BadPictureName: the folder is not there.
    """
    if not path.parent.is_dir():
        raise BadPictureName(path)
    names = path.with_suffix(".svg"), path.with_suffix(".png")
    with _drawn(picture, language) as figure, replacing(names[0]) as drawing, replacing(names[1]) as pixels:
        figure.savefig(drawing, format="svg", metadata={"Date": None, "Creator": "Onefloor"})
        figure.savefig(pixels, format="png", dpi=DPI, metadata={"Software": "Onefloor"})
    return names


@contextmanager
def _drawn(picture: Picture, language: Language) -> Iterator[Any]:
    """The picture as a Matplotlib figure; nothing of the process's own settings is changed."""
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise NothingToDrawWith from None
    with mpl.rc_context(_style()):
        figure = Figure(figsize=picture.size, layout="constrained")
        FigureCanvasAgg(figure)
        ratios = {"height_ratios": picture.heights}
        panels = figure.subplots(len(picture.heights), 1, gridspec_kw=ratios, squeeze=False)[:, 0]
        for panel in panels:
            panel.spines[["top", "right"]].set_visible(False)
        picture.draw(list(panels), language)
        figure.suptitle(picture.title.to(language), x=0.01, ha="left", fontsize=11, color=INK, wrap=True)
        if note := picture.note.to(language):
            figure.supxlabel(note, x=0.01, ha="left", fontsize=8, color=QUIET, wrap=True)
        yield figure


def _style() -> Any:  # a mapping whose keys Matplotlib's types spell out one by one
    """The settings all pictures share."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    chinese = [name for name in FAMILIES if name in known]
    return {
        "font.family": ["DejaVu Sans", *chinese[:1]],
        "font.size": 9,
        "axes.unicode_minus": True,
        "axes.edgecolor": QUIET,
        "axes.labelcolor": INK,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "grid.color": FAINT,
        "text.color": INK,
        "svg.fonttype": "path",  # the same letters on every machine
        "svg.hashsalt": "onefloor",
    }
