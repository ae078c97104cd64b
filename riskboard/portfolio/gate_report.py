"""The result of a gate as text, as JSON and as SARIF 2.1.0."""

from typing import Any
from urllib.parse import quote

from riskboard import __version__
from riskboard.portfolio.gate import DOUBTS, EXIT, Finding, Outcome, Result

WORDS = {Outcome.PASS: "PASS", Outcome.FAIL: "FAIL", Outcome.UNCLEAR: "CANNOT TELL"}
LEVELS = {Outcome.FAIL: "error", Outcome.UNCLEAR: "warning"}
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def as_text(result: Result, file: str) -> str:
    fails, unclear = (_count(result, outcome) for outcome in (Outcome.FAIL, Outcome.UNCLEAR))
    evidence = f"evidence up to {result.newest}" if result.newest else "no evidence"
    many = len(result.matched)
    told = f"{many} {'model' if many == 1 else 'models'}, {fails} failing, {unclear} unclear"
    head = f"{WORDS[result.outcome]}  {file}: {told}; as of {result.question.as_of}, {evidence}."
    return "\n".join([head, *(_line(finding) for finding in result.findings)])


def _count(result: Result, outcome: Outcome) -> int:
    return sum(finding.outcome == outcome for finding in result.findings)


def _line(finding: Finding) -> str:
    of_what = f"{finding.mention.reference} ({finding.mention.where}): " if finding.mention else ""
    word = "fails" if finding.outcome == Outcome.FAIL else "unclear"
    return f"  {word:8} {finding.rule:16} {of_what}{finding.message}"


def as_json(result: Result, file: str) -> dict[str, Any]:
    question = result.question
    return {
        "outcome": result.outcome.value,
        "exit": EXIT[result.outcome],
        "file": file,
        "as_of": question.as_of.isoformat(),
        "evidence_newest": result.newest.isoformat() if result.newest else None,
        "models": [
            {
                "reference": mention.reference,
                "scheme": mention.scheme.value,
                "where": mention.where,
                "release": match.release.slug if match.release else None,
                "matched": str(match.matched),
                "why": match.why,
            }
            for mention, match in result.matched
        ],
        "findings": [
            {
                "rule": finding.rule,
                "outcome": finding.outcome.value,
                "message": finding.message,
                "reference": finding.mention.reference if finding.mention else None,
                "where": finding.mention.where if finding.mention else None,
                "line": (finding.mention.line or None) if finding.mention else None,
                "release": finding.release.slug if finding.release else None,
                "path": finding.path or None,
            }
            for finding in result.findings
        ],
    }


def as_sarif(result: Result, file: str, board: str = "") -> dict[str, Any]:
    """``board``: the address that pages of the board are read at; blank: none is known."""
    about = {condition.code: condition.about for condition in result.question.conditions} | DOUBTS
    rules = list(about)
    run = {
        "tool": {
            "driver": {
                "name": "RiskBoard",
                "semanticVersion": __version__,
                "rules": [{"id": rule, "shortDescription": {"text": about[rule]}} for rule in rules],
            }
        },
        "invocations": [
            {"executionSuccessful": True, "exitCode": EXIT[result.outcome], "exitCodeDescription": result.outcome.value}
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_sarif(finding, rules, file, board) for finding in result.findings],
    }
    return {"$schema": SARIF, "version": "2.1.0", "runs": [run]}


def _sarif(finding: Finding, rules: list[str], file: str, board: str) -> dict[str, Any]:
    mention = finding.mention
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(mention.file if mention and mention.file else file)}}
    if mention and mention.line:
        place["region"] = {"startLine": mention.line}
    location: dict[str, Any] = {"physicalLocation": place}
    if mention:
        location["logicalLocations"] = [{"fullyQualifiedName": mention.where}]
    of_what = f"{mention.reference}: " if mention else ""
    link = f" {board.rstrip('/')}{finding.path}" if board and finding.path else ""
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": LEVELS[finding.outcome],
        "message": {"text": f"{of_what}{finding.message}{link}"},
        "locations": [location],
        "partialFingerprints": {"modelAndRule/v1": f"{mention.reference if mention else file}:{finding.rule}"},
    }
