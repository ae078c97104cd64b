"""SEC EDGAR, what companies must disclose. A feed's ``address`` is a company's CIK, or words to search filings for.

Options: ``forms`` (a list; with their amendments), ``ciks`` (a list, for a search), ``first_look_days``. EDGAR answers
only those who say who they are and how to reach them.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from riskboard.ingest.cleaning import clean_line, read_date
from riskboard.ingest.client import Answer, BadAnswer, Client
from riskboard.ingest.drafts import Catch, Seen
from riskboard.ingest.failures import NotConfigured
from riskboard.ingest.models import Feed
from riskboard.ingest.sources.gathering import Gathering
from riskboard.ingest.sources.paging import Piece, Windows
from riskboard.ingest.sources.shapes import day, mapping, rows, text, texts, whole

MOST_REQUESTS = 30
PER_PAGE = 100
MOST_HITS = 1000
FIRST_LOOK_DAYS = 365
OVERLAP = timedelta(days=5)  # filings are dated by the working day and listed a little later
SHORTEST = timedelta(days=1)
CIK = re.compile(r"(?:CIK)?0*(\d{1,10})\Z", re.IGNORECASE)
ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}\Z")
OLDER = re.compile(r"CIK\d{10}-submissions-\d{3}\.json\Z")
FILE = re.compile(r"[\w.-]+(/[\w.-]+)?\Z")
FORMS = ("8-K", "6-K", "20-F", "10-K", "10-Q", "S-1", "F-1")
# What the numbered items of an 8-K are about, in the words that a reader of news would look for.
ITEMS = {
    "1.01": "entry into a material agreement",
    "1.02": "termination of a material agreement",
    "1.03": "bankruptcy or receivership",
    "2.01": "completion of an acquisition or disposal",
    "2.02": "results of operations",
    "2.05": "restructuring, exit or layoff costs",
    "2.06": "material impairment",
    "3.01": "notice of delisting",
    "4.02": "earlier financial statements no longer to be relied on",
    "5.01": "change in control",
    "5.02": "departure or appointment of directors or officers",
    "7.01": "Regulation FD disclosure",
    "8.01": "other events",
}
KINDS = {"20-F": "annual report", "10-K": "annual report", "10-Q": "quarterly report", "S-1": "IPO registration"} | {
    "F-1": "IPO registration",
    "6-K": "report of a foreign issuer",
    "8-K": "current report",
}


def fetch(client: Client, feed: Feed, now: datetime) -> Catch:
    """Raises FetchError, NotConfigured among them."""
    if "@" not in settings.INGEST_USER_AGENT_CONTACT:
        raise NotConfigured("SEC EDGAR needs a mail address in INGEST_USER_AGENT_CONTACT.")
    address = feed.address.strip()
    if not address:
        raise BadAnswer("An EDGAR feed needs a CIK or words to search for as its address.")
    look = Gathering.begin(client, feed, now, token_env=None, most_requests=MOST_REQUESTS)
    if company := CIK.match(address):
        _company(look, int(company[1]))
    else:
        Windows(look, FIRST_LOOK_DAYS, OVERLAP, SHORTEST).walk(lambda start, end: _search(look, start, end))
    return look.catch()


# One company ------------------------------------------------------------------------------------


def _company(look: Gathering, cik: int) -> None:
    answer = look.get(
        f"{settings.SEC_DATA_URL.rstrip('/')}/submissions/CIK{cik:010}.json",
        etag=_verbatim(look.cursor, "etag"),
        last_modified=_verbatim(look.cursor, "last_modified"),
    )
    if answer.not_modified:
        look.not_modified = True
        return
    if answer.status == 404:
        raise BadAnswer(f"EDGAR knows no company with the CIK {cik}.", status=404)
    found = mapping(_ok(answer).json())
    filings = mapping(found.get("filings"))
    recent = filings.get("recent")
    if not isinstance(recent, dict):
        raise BadAnswer("EDGAR answered without filings.", "wrong_shape", status=answer.status)
    since, name = _since(look), text(found.get("name"), 150) or f"CIK {cik}"
    _keep(look, recent, answer, cik=cik, name=name, since=since)
    for page in rows(filings.get("files")):
        _older(look, page, cik=cik, name=name, since=since)
    look.cursor |= {
        "etag": answer.etag,
        "last_modified": answer.last_modified,
        "looked_on": look.now.date().isoformat(),
    }


def _older(look: Gathering, page: dict[str, Any], *, cik: int, name: str, since: date) -> None:
    file, until = text(page.get("name"), 100), day(page.get("filingTo"))
    if not OLDER.match(file) or until is None or until < since:
        return
    answer = _ok(look.get(f"{settings.SEC_DATA_URL.rstrip('/')}/submissions/{file}"))
    _keep(look, mapping(answer.json()), answer, cik=cik, name=name, since=since)


def _since(look: Gathering) -> date:
    known = day(look.cursor.get("looked_on"))
    days = whole(look.feed.options.get("first_look_days")) or FIRST_LOOK_DAYS
    return known - OVERLAP if known else look.now.date() - timedelta(days=min(days, 20_000))


def _keep(look: Gathering, columns: dict[str, Any], answer: Answer, *, cik: int, name: str, since: date) -> None:
    forms, snapshot = _forms(look.feed), look.capture(answer)
    for filing in _filings(columns):
        filed = read_date(filing["filingDate"], now=look.now).on
        form = filing["form"]
        number = filing["accessionNumber"]
        if form.removesuffix("/A") not in forms or filed is None or filed < since or not ACCESSION.match(number):
            continue
        look.seen.append(
            Seen(
                identity=f"edgar:{number}",
                title=clean_line(f"{name} files {form}: {_about(form, filing['items'])}"),
                url=_document(cik, number, filing["primaryDocument"]),
                summary=clean_line(filing["primaryDocDescription"]),
                publisher="SEC EDGAR",
                language="en",
                published_on=filed,
                snapshot=snapshot,
            )
        )


def _filings(columns: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The rows of a table that comes as columns, some of which may be missing or short."""
    names = ("accessionNumber", "filingDate", "form", "items", "primaryDocument", "primaryDocDescription")
    lists = {name: value if isinstance(value := columns.get(name), list) else [] for name in names}
    for index in range(len(lists["accessionNumber"])):
        yield {name: text(column[index]) if index < len(column) else "" for name, column in lists.items()}


def _about(form: str, items: str) -> str:
    numbers = [number.strip() for number in items.split(",")]
    told = [f"{ITEMS[number]} ({number})" for number in numbers if number in ITEMS]
    plain = form.removesuffix("/A")
    return "; ".join(told) or KINDS.get(plain, "filing")


def _document(cik: int, number: str, document: str) -> str:
    folder = f"https://www.sec.gov/Archives/edgar/data/{cik}/{number.replace('-', '')}"
    return f"{folder}/{document}" if FILE.match(document) else f"{folder}/{number}-index.htm"


# All companies ----------------------------------------------------------------------------------


def _search(look: Gathering, start: datetime, end: datetime) -> Piece:
    ciks = [f"{int(found[1]):010}" for cik in texts(look.feed.options.get("ciks")) if (found := CIK.match(cik))]
    query: dict[str, str | int] = {
        "q": look.feed.address,
        "forms": ",".join(_forms(look.feed)),
        "dateRange": "custom",
        "startdt": f"{start:%Y-%m-%d}",
        "enddt": f"{end:%Y-%m-%d}",
        **({"ciks": ",".join(ciks)} if ciks else {}),
    }
    seen: dict[str, Seen] = {}
    position, total = 0, 1
    while position < min(total, MOST_HITS):
        answer = _ok(
            look.get(f"{settings.SEC_SEARCH_URL.rstrip('/')}/LATEST/search-index", params=query | {"from": position})
        )
        hits, total = _hits(answer)
        if total > MOST_HITS and end - start > SHORTEST:
            return Piece((), is_whole=False)
        snapshot = look.capture(answer)
        for each in (_hit(hit, look.now, snapshot) for hit in hits):
            if each is not None:
                seen.setdefault(each.identity, each)
        position += PER_PAGE
    return Piece(seen.values(), is_whole=total <= MOST_HITS)


def _hits(answer: Answer) -> tuple[list[dict[str, Any]], int]:
    found = mapping(mapping(answer.json()).get("hits"))
    if not isinstance(found.get("hits"), list):
        raise BadAnswer("EDGAR's search answered without hits.", "wrong_shape", status=answer.status)
    return rows(found["hits"]), whole(mapping(found.get("total")).get("value")) or 0


def _hit(hit: dict[str, Any], now: datetime, snapshot: str) -> Seen | None:
    """One document of a filing; a filing is one thing, however many of its documents were found."""
    told = mapping(hit.get("_source"))
    number, _, file = text(hit.get("_id"), 200).partition(":")
    number = text(told.get("adsh"), 20) or number
    form = next(iter(texts(told.get("form")) or texts(told.get("root_forms"))), "")
    cik = next((found[1] for each in texts(told.get("ciks")) if (found := CIK.match(each))), "")
    if not ACCESSION.match(number) or not form:
        return None
    name = re.sub(r"\s+\(CIK \d+\)\s*\Z", "", next(iter(texts(told.get("display_names"))), "A company"))
    return Seen(
        identity=f"edgar:{number}",
        title=clean_line(f"{name} files {form}: {_about(form, ','.join(texts(told.get('items'))))}"),
        url=_document(int(cik), number, file) if cik else "",
        summary=clean_line(text(told.get("file_description"))),
        publisher="SEC EDGAR",
        language="en",
        published_on=read_date(text(told.get("file_date"), 20), now=now).on,
        snapshot=snapshot,
    )


def _ok(answer: Answer) -> Answer:
    if answer.status == 403:
        raise BadAnswer("EDGAR refuses us: it wants to know who asks, and not too often.", status=403)
    return answer.expect_ok()


def _forms(feed: Feed) -> tuple[str, ...]:
    return tuple(texts(feed.options.get("forms"))) or FORMS


def _verbatim(cursor: dict[str, Any], name: str) -> str | None:
    value = cursor.get(name)
    return value if isinstance(value, str) else None
