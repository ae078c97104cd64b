"""A folder of evidence small enough to read: one vendor, and one row of every table."""

import csv
from pathlib import Path

from riskboard.catalog.tables import TABLES

ROWS: dict[str, dict[str, str]] = {
    "vendors": {"slug": "acme", "name": "Acme", "kind": "company", "country": "FR"},
    "lines": {"slug": "acme-language", "vendor": "acme", "name": "Ace (Acme, language)", "modality": "language"},
    "families": {"slug": "ace", "vendor": "acme", "line": "acme-language", "name": "Ace", "modality": "text"},
    "licenses": {
        "key": "apache-2.0",
        "name": "Apache License 2.0",
        "category": "permissive",
        "osi_approved": "true",
        "text_read": "yes",
        "commercial_use": "yes",
        "use_restrictions": "false",
        "source_url": "https://licenses.example/apache",
    },
    "license_thresholds": {
        "license": "apache-2.0",
        "metric": "monthly_active_users",
        "amount": "700000000",
        "period": "month",
        "consequence": "license_needed",
    },
    "releases": {
        "family": "ace",
        "slug": "ace-1",
        "name": "Ace 1",
        "hf_repo": "acme/Ace-1",
        "modality": "text",
        "params_total_b": "4.5",
        "released_on": "2025-02-03",
        "date_precision": "day",
        "access": "open_weights",
        "license_key": "apache-2.0",
        "flagship": "true",
        "weights_on": "2025-02-03",
        "source_url": "https://acme.example/ace-1",
        "source_title": "Ace 1",
        "confidence": "high",
    },
    "license_changes": {
        "id": "lc-1",
        "vendor": "acme",
        "family": "ace",
        "asset": "Ace weights",
        "from_license": "apache-2.0",
        "to_license": "apache-2.0",
        "announced_on": "2025-06-01",
        "effective_on": "2025-06-01",
        "direction": "tightening",
        "applies_to": "new_versions",
        "scope": "weights",
        "source_url": "https://acme.example/terms",
        "source_title": "New terms",
        "confidence": "high",
    },
    "pledges": {
        "id": "P-001",
        "vendor": "acme",
        "family": "ace",
        "made_on": "2025-01-10",
        "made_by": "Chief executive",
        "channel": "press",
        "summary": "Said that Ace stays open.",
        "specificity": "specific",
        "status": "at_risk",
        "status_on": "2025-06-01",
        "status_reason": "Terms were tightened.",
        "status_source_url": "https://acme.example/terms",
        "source_url": "https://news.example/ace",
        "source_title": "Ace stays open",
        "confidence": "medium",
    },
    "signals": {
        "id": "acme-layoffs",
        "vendor": "acme",
        "kind": "layoffs",
        "occurred_on": "2025-04-01",
        "date_precision": "day",
        "published_on": "2025-04-02",
        "direction": "weakens",
        "severity": "3",
        "summary": "A fifth of the staff leaves.",
        "source_url": "https://news.example/acme",
        "source_title": "Acme cuts",
        "publisher": "Example News",
        "source_reliability": "B",
        "info_credibility": "2",
        "confidence": "medium",
    },
    "vendor_facts": {
        "vendor": "acme",
        "field": "funding",
        "value": "vc",
        "valid_from": "2024-01-01",
        "source_url": "https://news.example/round",
        "source_title": "Acme raises",
        "confidence": "medium",
    },
    "reach": {
        "vendor": "acme",
        "family": "ace",
        "measured_on": "2026-06-10",
        "metric": "likes",
        "value": "1302",
        "source_url": "https://hub.example/ace",
        "source_title": "Likes of Ace",
        "confidence": "high",
    },
}


class EvidenceFolder:
    """CSV files under ``path``. Line 2 of each is the row above; ``add`` appends more."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reset()

    def reset(self) -> None:
        self.rows = {table: [dict(row)] for table, row in ROWS.items()}
        self.save()

    def save(self) -> None:
        for table in self.rows:
            self._save(table)

    def change(self, table: str, **cells: str) -> None:
        """Change the cells of line 2."""
        self.rows[table][0].update(cells)
        self._save(table)

    def add(self, table: str, **cells: str) -> None:
        """A copy of the first row with other cells."""
        self.rows[table].append({**ROWS[table], **cells})
        self._save(table)

    def empty(self, table: str) -> None:
        self.rows[table] = []
        self._save(table)

    def drop(self, *tables: str) -> None:
        for table in tables:
            del self.rows[table]
            (self.path / f"{table}.csv").unlink()

    def write(self, table: str, text: str | bytes) -> None:
        content = text.encode() if isinstance(text, str) else text
        (self.path / f"{table}.csv").write_bytes(content)

    def text(self, table: str) -> str:
        return (self.path / f"{table}.csv").read_text()

    def _save(self, table: str) -> None:
        with (self.path / f"{table}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, TABLES[table].header, restval="")
            writer.writeheader()
            writer.writerows(self.rows[table])
