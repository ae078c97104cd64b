"""Word lists, kept as data in classifier/words.json."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "classifier" / "words.json"


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def word_list(name: str) -> frozenset[str]:
    listed: str = _words()[name]
    return frozenset(listed.split())


def word_map(name: str) -> dict[str, str]:
    mapped: dict[str, str] = _words()[name]
    return mapped
