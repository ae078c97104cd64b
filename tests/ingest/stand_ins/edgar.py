"""A stand-in for EDGAR: a company's filings in columns, its older pages, and the full-text search."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.ingest.stand_ins.serving import Asked, Reply, StandIn

COLUMNS = [
    "accessionNumber",
    "filingDate",
    "reportDate",
    "acceptanceDateTime",
    "act",
    "form",
    "fileNumber",
    "filmNumber",
    "items",
    "size",
    "isXBRL",
    "isInlineXBRL",
    "primaryDocument",
    "primaryDocDescription",
]
PER_PAGE = 100


def filing(number: int, filed: str, form: str = "8-K", items: str = "", **given: Any) -> dict[str, Any]:
    return {
        "accessionNumber": f"0001000000-{filed[2:4]}-{number:06}",
        "filingDate": filed,
        "reportDate": filed,
        "acceptanceDateTime": f"{filed}T17:15:46.000Z",
        "act": "34",
        "form": form,
        "fileNumber": "001-30000",
        "filmNumber": "26000000",
        "items": items,
        "size": 100_000,
        "isXBRL": 0,
        "isInlineXBRL": 0,
        "primaryDocument": f"acorn-{number}.htm",
        "primaryDocDescription": form,
        **given,
    }


def columns(filings: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [each[name] for each in filings] for name in COLUMNS}


@dataclass
class Edgar(StandIn):
    cik: int = 1_234_567
    company: str = "Acorn, Inc."
    recent: list[dict[str, Any]] = field(default_factory=list)
    older: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)  # accession number -> what the filing says

    @property
    def older_name(self) -> str:
        return f"CIK{self.cik:010}-submissions-001.json"

    def answer(self, asked: Asked) -> Reply:
        if not re.search(r"\S@\S", asked.headers.get("user-agent", "")):
            return Reply(403, b"<html><title>SEC.gov | Request Rate Threshold Exceeded</title></html>")
        if asked.path == f"/submissions/CIK{self.cik:010}.json":
            return Reply.json(self._company()).validated(asked)
        if asked.path == f"/submissions/{self.older_name}":
            return Reply.json(columns(self.older))
        if asked.path == "/LATEST/search-index":
            return self._search(asked)
        return Reply(404, b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>")

    def _company(self) -> dict[str, Any]:
        dates = [each["filingDate"] for each in self.older]
        page = {"name": self.older_name, "filingCount": len(dates)}
        files = [page | {"filingFrom": min(dates), "filingTo": max(dates)}] if dates else []
        return {
            "cik": str(self.cik),
            "entityType": "operating",
            "sic": "7372",
            "name": self.company,
            "tickers": ["ACRN"],
            "exchanges": ["Nasdaq"],
            "filings": {"recent": columns(self.recent), "files": files},
        }

    def _search(self, asked: Asked) -> Reply:
        phrase = asked.first("q").strip('"').lower()
        forms, ciks = asked.first("forms").split(","), asked.first("ciks").split(",")
        found = [
            self._hit(each)
            for each in (*self.recent, *self.older)
            if phrase in self.texts.get(each["accessionNumber"], "").lower()
            and each["form"] in forms
            and asked.first("startdt") <= each["filingDate"] <= asked.first("enddt")
            and ciks in ([""], [f"{self.cik:010}"])
        ]
        start = int(asked.first("from", "0"))
        total = {"value": min(len(found), 10_000), "relation": "eq"}
        return Reply.json(
            {"took": 9, "timed_out": False, "hits": {"total": total, "hits": found[start : start + PER_PAGE]}}
        )

    def _hit(self, each: dict[str, Any]) -> dict[str, Any]:
        return {
            "_id": f"{each['accessionNumber']}:{each['primaryDocument']}",
            "_source": {
                "ciks": [f"{self.cik:010}"],
                "display_names": [f"{self.company}  (ACRN)  (CIK {self.cik:010})"],
                "file_date": each["filingDate"],
                "form": each["form"],
                "root_forms": [each["form"]],
                "adsh": each["accessionNumber"],
                "file_type": each["form"],
                "items": each["items"].split(",") if each["items"] else [],
            },
        }
