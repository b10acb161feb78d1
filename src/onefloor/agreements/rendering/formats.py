"""How numbers, times and names are written on a statement: true minus, thousands commas, equal decimals."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from onefloor.agreements.rendering.words import CURRENCIES, LABELS, STATE_NOTES, STATES, UNITS, word
from onefloor.agreements.statement import LineFigure, Statement
from onefloor.language import Text, same
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Metric
from onefloor.metrics.tables import TITLES
from onefloor.money import rounded
from onefloor.periods import clock
from onefloor.problems import Problem

MINUS = "\N{MINUS SIGN}"
MS_PER_HOUR = 3_600_000


def number(value: Decimal | int) -> str:
    """Digits in groups of three, as many decimals as the value has.

    >>> number(Decimal("-8312.40"))
    '−8,312.40'
    """
    text = f"{abs(value):,f}" if isinstance(value, Decimal) else f"{abs(value):,}"
    return MINUS + text if value < 0 and any(digit in "123456789" for digit in text) else text


def signed(value: Decimal) -> str:
    """An amount with its sign; zero has none.

    >>> signed(Decimal("4156.20"))
    '+4,156.20'
    """
    return f"+{number(value)}" if value > 0 else number(value)


def money(value: Decimal, currency: str) -> Text:
    """An amount with its currency.

    >>> money(Decimal("272611.80"), "CNY").zh
    '272,611.80 元'
    """
    unit = word(CURRENCIES, currency)
    return Text(f"{number(value)} {unit.zh}", f"{number(value)} {unit.en}")


def duration(ms: Decimal | int) -> str:
    """Milliseconds as m:ss, from ten hours on as h:mm:ss, with fractions of a second only where there are any.

    >>> duration(292000), duration(Decimal("61500")), duration(36_000_000)
    ('4:52', '1:01.5', '10:00:00')
    """
    minutes, rest = divmod(abs(int(ms)), 60_000)
    seconds, fraction = divmod(rest, 1_000)
    decimals = f".{fraction:03d}".rstrip("0") if fraction else ""
    whole = f"{minutes:,}" if minutes < 600 else f"{minutes // 60:,}:{minutes % 60:02d}"
    return f"{MINUS if ms < 0 else ''}{whole}:{seconds:02d}{decimals}"


def value(figure: LineFigure) -> Text:
    """The figure's value with its unit; a dash without a denominator."""
    return quantity(figure.value, figure.unit)


def quantity(amount: Decimal | None, unit: str) -> Text:
    """A value in a metric's unit.

    >>> quantity(Decimal("78.9"), "percent").en
    '78.9%'
    """
    if amount is None:
        return same("—")
    if unit == "ms":
        return same(duration(amount))
    suffix = UNITS.get(unit) or same(f" {unit}")
    return Text(number(amount) + suffix.zh, number(amount) + suffix.en)


def figure_with_sample(figure: LineFigure) -> Text:
    """``78.9% (43,986)``: a figure never travels without its sample size. A plain count is its own."""
    shown, n = value(figure), sample(figure)
    if figure.figure.denominator == 1:
        return shown
    return Text(f"{shown.zh}（{n.zh}）", f"{shown.en} ({n.en})")


def sample(figure: LineFigure) -> Text:
    """What a figure rests on: rows, or hours where its denominator is a sum of time."""
    try:
        metric = catalogue.metric(figure.question.metric)
    except Problem:  # a bundle from elsewhere may name what this catalogue does not have
        return same(number(figure.figure.denominator))
    return sample_words(metric, figure.figure.denominator)


def sample_words(metric: Metric, denominator: int) -> Text:
    """A denominator in the unit it has: ``43,986``, or ``1,075.0 h`` where times are summed.

    >>> sample_words(catalogue.metric("adherence"), 3_870_000_000).en
    '1,075.0 h'
    """
    if metric.denominator is None or "_ms" not in (metric.denominator.sum or ""):
        return same(number(denominator))
    hours = f"{rounded(Fraction(denominator, MS_PER_HOUR), 1):,f}"
    return Text(f"{hours} 小时", f"{hours} h")


def atoms(figure: LineFigure) -> tuple[Text, str]:
    """The two integers of a figure with their name; of a plain count only the one it has."""
    numerator, denominator = figure.figure.numerator, figure.figure.denominator
    if denominator == 1:
        return LABELS["counted"], number(numerator)
    label = Text(
        f"{LABELS['numerator'].zh} / {LABELS['denominator'].zh}",
        f"{LABELS['numerator'].en} / {LABELS['denominator'].en}",
    )
    return label, f"{number(numerator)} / {number(denominator)}"


def moment(instant_ms: int, timezone: str) -> str:
    """An instant in the floor's zone to the second: ``2026-11-30 23:59:58``."""
    local = datetime(1970, 1, 1) + timedelta(milliseconds=instant_ms + clock(timezone).offset_ms(instant_ms))
    return local.strftime("%Y-%m-%d %H:%M:%S")


def month(statement: Statement) -> Text:
    """The statement's month in words.

    >>> month_words("2026-10").zh
    '2026 年 10 月'
    """
    return month_words(statement.month)


def month_words(text: str) -> Text:
    """``2026-10`` in words."""
    year, number_of_month = text.split("-")
    names = (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    )  # fmt: skip
    return Text(f"{year} 年 {int(number_of_month)} 月", f"{names[int(number_of_month) - 1]} {year}")


def state(statement: Statement) -> tuple[str, Text, Text]:
    """The statement's state: its code, its word, and a sentence."""
    code = "provisional" if statement.provisional else "final"
    return code, STATES[code], STATE_NOTES[code]


def scope_words(figure: LineFigure) -> Text:
    """Whose rows and which rows a figure counts."""
    scope, question = figure.question.scope, figure.question
    first, last = str(question.first), str(question.last)
    months = first if first == last else f"{first} – {last}"
    zh, en = [scope.company] if scope.company else [], [scope.company] if scope.company else []
    if scope.unassigned:
        zh.append("含不属于任何公司的行" + (f"（队列：{'、'.join(scope.shared)}）" if scope.shared else ""))
        en.append("with the rows that are nobody's" + (f" in {', '.join(scope.shared)}" if scope.shared else ""))
    for dimension, names in scope.where:
        title = TITLES.get(dimension) or same(dimension)
        zh.append(f"{title.zh}：{'、'.join(names)}")
        en.append(f"{title.en}: {', '.join(names)}")
    return Text("；".join([*zh, months]), "; ".join([*en, months]))


def versions(statement: Statement, zone_rules: str = "") -> list[tuple[Text, str]]:
    """What the statement was computed from: label and value, for the footer of every form."""
    through = moment(statement.facts_through_ms, statement.timezone) if statement.facts_through_ms > 0 else "—"
    metrics = sorted({(figure.question.metric, figure.version) for line in statement.lines for figure in line.figures})
    found = [
        (Text("协议", "Agreement"), statement.agreement),
        (Text("条款生效日", "Terms in force from"), statement.terms_from),
        (Text("条款校验值", "Digest of the terms"), statement.terms_digest),
        (Text("数据版本", "Data version"), statement.data_version),
        (Text("数据截至", "Facts through"), through),
        (Text("时区", "Time zone"), statement.timezone),
        (Text("时区规则版本", "Zone rules"), zone_rules),
        (Text("指标版本", "Metric versions"), "; ".join(f"{reference} v{version}" for reference, version in metrics)),
    ]
    return [(label, text) for label, text in found if text]
