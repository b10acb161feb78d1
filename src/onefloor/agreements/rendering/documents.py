"""The statement as a document that is handed on: PDF or workbook.

Their writers are loaded when one is asked for: the web starts faster without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from onefloor.agreements.adjustments import Adjustment
from onefloor.agreements.statement import Statement
from onefloor.language import Language


def document(
    kind: Literal["pdf", "xlsx"],
    statement: Statement,
    *,
    language: Language,
    zone_rules: str,
    adjustments: Sequence[Adjustment] = (),
) -> bytes:
    """The statement as the bytes of a file.

    Args:
        kind: of file; a workbook holds both languages.
        statement: what to show.
        language: of a PDF.
        zone_rules: version of the time zone rules.
        adjustments: what is booked beside the lines.
    """
    if kind == "pdf":
        from onefloor.agreements.rendering.pdf import statement_pdf

        return statement_pdf(statement, language=language, zone_rules=zone_rules, adjustments=adjustments)
    from onefloor.agreements.rendering.xlsx import statement_xlsx

    return statement_xlsx(statement, zone_rules=zone_rules, adjustments=adjustments)
