"""The data dictionary of the evidence files, written from the columns as they are loaded and exported."""

from collections.abc import Iterator

from riskboard.catalog.columns import Column, TableSpec
from riskboard.catalog.kinds import FACT_VALUES
from riskboard.catalog.tables import TABLES

INTRODUCTION = """\
# Data dictionary

One CSV file per table: UTF-8, a header row with exactly these columns in this order, RFC 4180 quoting. A blank cell
is unknown unless its column says otherwise. A text that a spreadsheet could run as a formula (it begins with `=`, `+`,
`-`, `@`, a tab or a return) carries one apostrophe in front, which loading takes away. Written by
`manage.py evidencedictionary`.
"""


def dictionary() -> str:
    return "\n".join([INTRODUCTION, *(line for spec in TABLES.values() for line in _table(spec)), *_facts()])


def _table(spec: TableSpec) -> Iterator[str]:
    yield f"## {spec.file}\n"
    yield f"{spec.doc} Key: {', '.join(f'`{name}`' for name in spec.key)}.\n"
    yield "| column | holds | meaning |\n|---|---|---|"
    yield from (_row(column) for column in spec.columns)
    yield ""


def _row(column: Column) -> str:
    holds = column.cell.meaning + (f"; key of {column.refers_to}.csv" if column.refers_to else "")
    return f"| `{column.name}` | {holds} | {column.doc} |"


def _facts() -> Iterator[str]:
    yield "## Values of facts\n"
    yield "| field | values |\n|---|---|"
    yield from (f"| `{field}` | {' / '.join(values)} |" for field, values in FACT_VALUES.items())
    yield ""
