"""A plain CSV of what is run, laid out as the export of deployments is. Only the column ``model`` must be there."""

from riskboard.catalog.csvfiles import records_of
from riskboard.portfolio.columns import HEADER
from riskboard.portfolio.kinds import Relation, Scheme
from riskboard.portfolio.reading.mentions import LONGEST, MOST, Fault, Mention, plain
from riskboard.portfolio.reading.naming import COMMIT, Name, addressed, file_name, hub_name, ollama_name, other_name

SEPARATORS = (",", ";", "\t")


class _Told:
    def refuse(self, line: int, column: str, reason: str) -> None:
        raise Fault(f"line {line}" if line else "", f"{column}: {reason}" if column else reason)


def is_one(text: str) -> bool:
    return "model" in _columns(*_first(text))


def _first(text: str) -> tuple[str, str]:
    """The first line, and what separates its cells."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return first, max(SEPARATORS, key=first.count)


def _columns(first: str, mark: str) -> list[str]:
    return [cell.strip().strip('"').strip().lower() for cell in first.split(mark)]


def read(name: str, text: str) -> list[Mention]:  # noqa: ARG001 -- as every reader is called
    _, mark = _first(text)
    records = records_of(text, _Told(), mark)
    line, header = next(records, (1, []))
    columns = [cell.strip().lower() for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    _refuse(line, columns)
    found = []
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(columns) or any(cell.strip() for cell in cells[len(columns) :]):
            raise Fault(f"line {line}", f"has {len(cells)} cells; the header has {len(columns)}")
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        found.append(_mention(row, line))
        if len(found) > MOST:
            raise Fault(f"line {line}", f"more than {MOST:,} rows: split the file")
    return found


def _refuse(line: int, columns: list[str]) -> None:
    if "model" not in columns:
        raise Fault(f"line {line}", f"names no column “model”; there can be {', '.join(HEADER)}")
    for place, column in enumerate(columns):
        if column not in HEADER:
            raise Fault(f"line {line}", f"“{plain(column, 60)}” is no column; there can be {', '.join(HEADER)}")
        if column in columns[:place]:
            raise Fault(f"line {line}", f"the column {column} occurs twice")


def _mention(row: dict[str, str], line: int) -> Mention:
    model, scheme, revision = row["model"], row.get("scheme", ""), row.get("revision", "").lower()
    if not plain(model):
        raise Fault(f"line {line}, model", "is blank")
    if len(model) > LONGEST or plain(model) != model:
        raise Fault(f"line {line}, model", f"must be one line of at most {LONGEST} letters")
    if scheme and scheme not in Scheme.values:
        raise Fault(f"line {line}, scheme", f"“{plain(scheme, 40)}” is unknown; there are {', '.join(Scheme.values)}")
    if revision and not COMMIT.fullmatch(revision):
        raise Fault(f"line {line}, revision", "must be a commit: 7 to 64 digits from 0 to f")
    named = Name(model, Scheme(scheme)) if scheme else _guessed(model)
    cells = tuple((column, cell) for column, cell in row.items() if column not in {"model", "scheme", "revision"})
    return Mention(
        named.reference,
        named.scheme,
        f"line {line}",
        "the column model",
        revision=revision or named.revision,
        relation=named.relation if not scheme else Relation.SAME,
        line=line,
        cells=cells,
    )


def _guessed(model: str) -> Name:
    """Without a scheme the form of the name says where it means something."""
    if model.lower().endswith((".gguf", ".safetensors")):
        return file_name(model)
    named = addressed(model) or hub_name(model)
    return named or (ollama_name(model) if ":" in model else None) or other_name(model)
