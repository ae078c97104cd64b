"""What makes a deployment portable, item by item in the order in which it is missed most when it is missing.

What the deployment or its plan already say is derived and asked nowhere again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from riskboard.portfolio.kinds import CheckState, EmbedDepth, Mirror, Outcome, Relation
from riskboard.portfolio.models import Alternative, Deployment, ExitCheck, ExitPlan

OF_ITSELF = (Relation.SAME, Relation.QUANTIZATION)


@dataclass(frozen=True, slots=True)
class Derived:
    state: CheckState
    why: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What an answer may be derived from."""

    deployment: Deployment
    plan: ExitPlan | None
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Item:
    code: str
    name: str
    question: str
    why: str
    proof: str
    derive: Callable[[Subject], Derived | None] = lambda _: None  # None: the team is asked


@dataclass(frozen=True, slots=True)
class Answer:
    item: Item
    state: CheckState
    note: str
    done_on: date | None
    is_derived: bool

    @property
    def is_open(self) -> bool:
        return self.state in (CheckState.NOT_YET, CheckState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is unknown never counts as done; what does not apply is not counted."""

    done: int
    applicable: int
    unknown: int

    def __str__(self) -> str:
        counted = f"{self.done} of {self.applicable}"
        return f"{counted}, {self.unknown} unknown" if self.unknown else counted


def _weights(subject: Subject) -> Derived:
    deployment = subject.deployment
    if deployment.mirror == Mirror.VERIFIED:
        where = f" in {deployment.mirror_place}" if deployment.mirror_place else ""
        return Derived(CheckState.DONE, f"A copy{where}, hash compared.", deployment.mirror_checked_on)
    if deployment.mirror == Mirror.UNVERIFIED:
        return Derived(CheckState.NOT_YET, "There is a copy, but nobody compared its hash.")
    if deployment.mirror == Mirror.NONE:
        return Derived(CheckState.NOT_YET, "There is no copy of ours.")
    return Derived(CheckState.UNKNOWN, "Nobody said whether there is a copy.")


def _license_text(subject: Subject) -> Derived:
    if subject.deployment.license_text:
        day = subject.deployment.license_text_on
        return Derived(CheckState.DONE, "Kept with the deployment." if day else "Kept, without its day.", day)
    return Derived(CheckState.NOT_YET, "No text is kept with the deployment.")


def _gateway(subject: Subject) -> Derived | None:
    if subject.deployment.embed_depth == EmbedDepth.SWAPPABLE:
        return Derived(CheckState.DONE, "The deployment says that it is behind a gateway, one of several.")
    return None


def _fine_tune(subject: Subject) -> Derived | None:
    depth = subject.deployment.embed_depth
    if subject.deployment.relation in OF_ITSELF and depth is not None and depth < EmbedDepth.FUSED:
        return Derived(CheckState.NOT_APPLICABLE, "The deployment is not fine-tuned.")
    return None


def _chosen(subject: Subject) -> Derived:
    if subject.alternatives:
        return Derived(CheckState.DONE, f"{', '.join(each.release.name for each in subject.alternatives)}.")
    if subject.plan is not None and subject.plan.has_alternatives is False:
        return Derived(CheckState.NOT_YET, "Looked for, and none found.")
    return Derived(CheckState.UNKNOWN, "Nobody named one.")


def _tested(subject: Subject) -> Derived:
    passed = [each for each in subject.alternatives if each.outcome == Outcome.PASSED]
    if passed:
        newest = max(passed, key=lambda each: each.tested_on or date.min)
        return Derived(CheckState.DONE, f"{newest.release.name} passed.", newest.tested_on)
    if any(each.outcome for each in subject.alternatives):
        return Derived(CheckState.NOT_YET, "Tested, and none passed.")
    if subject.alternatives:
        return Derived(CheckState.NOT_YET, "None of those named was tested here.")
    return Derived(_chosen(subject).state, "There is none to test.")


ITEMS = (
    Item(
        "weights",
        "Weights mirrored",
        "Do we hold the weights ourselves, with a hash that was compared?",
        "Withdrawn weights stay usable only where a copy is held, and a copy that nobody compared may be broken.",
        "The place of the copy, its SHA-256, and the day on which it was compared.",
        _weights,
    ),
    Item(
        "license_text",
        "License text kept",
        "Do we hold the license text as it was on the day of the download?",
        "A page can change afterwards; the text of that day says which rights were granted.",
        "The text itself, with its day.",
        _license_text,
    ),
    Item(
        "tokenizer",
        "Tokenizer and chat template kept",
        "Are the tokenizer, its configuration and the chat template kept with the weights?",
        "Weights without them answer wrongly, and a template is often changed later in place.",
        "The files in the mirror, at the pinned revision.",
    ),
    Item(
        "evaluation",
        "Evaluation set",
        "Is there a test set of our own that says whether another model is good enough here?",
        "Without one a replacement is chosen by impression, and nobody can say when it is done.",
        "Where it lies, how many cases it has, and what the present model reaches on it.",
    ),
    Item(
        "fallback_chosen",
        "Fallback chosen",
        "Is there a release of another vendor that would follow?",
        "Choosing takes weeks when it begins on the day of the change.",
        "An alternative named in this plan.",
        _chosen,
    ),
    Item(
        "fallback_tested",
        "Fallback tested",
        "Did the alternative pass our evaluation in this place?",
        "Benchmarks of others do not say whether it works here.",
        "The day and the outcome of its test in this plan.",
        _tested,
    ),
    Item(
        "fallback_terms",
        "Terms of the fallback read",
        "Did somebody read the license or contract of the alternative for this use?",
        "A replacement under terms that bite is no way out.",
        "Who read it and when, or the note of legal.",
    ),
    Item(
        "hardware",
        "Hardware fits the fallback",
        "Does the alternative run on machines that we have or can get within the tolerated outage?",
        "A larger model may need machines with months of delivery.",
        "The machines and the measured speed.",
    ),
    Item(
        "prompts",
        "Prompts under version control",
        "Are prompts and few-shot examples versioned apart from the code, by model?",
        "Prompts are tuned to one model; the next needs its own, beside the old.",
        "The repository and folder.",
    ),
    Item(
        "adapter",
        "Adapter for tool calls and output",
        "Does one place translate tool calls and structured output between the model and the program?",
        "Formats of tool calls differ between models, and fail silently.",
        "The module, and a test of it with two models.",
    ),
    Item(
        "gateway",
        "Gateway in front",
        "Can the model be changed in one setting, without releasing the program?",
        "It turns a project into a configuration change, and allows a part of the traffic at first.",
        "The gateway, and the day on which a switch was tried.",
        _gateway,
    ),
    Item(
        "fine_tune",
        "Fine-tuning data and recipe kept",
        "Are the training data, the recipe and its settings kept, so that another base can be tuned?",
        "A fine-tune dies with its base unless it can be made again on another.",
        "Where the data lies, the recipe's version, and the rights in the data.",
        _fine_tune,
    ),
    Item(
        "embeddings",
        "Embeddings can be made again",
        "Are the source texts of every stored embedding kept, and is the time to make all again known?",
        "Vectors of two models do not compare: the whole index must be made again.",
        "Where the texts lie, how many there are, and the measured time.",
    ),
    Item(
        "stack",
        "Inference stack pinned",
        "Are the serving software, its version and the quantization pinned and kept?",
        "A new version may drop an architecture, so that the copy held no longer starts.",
        "The image or lock file, kept beside the weights.",
    ),
    Item(
        "runbook",
        "Runbook with an owner",
        "Is it written who does what in a switch, and does somebody own that text?",
        "The switch comes on somebody's first day on call.",
        "The address of the text and its owner.",
    ),
)
ITEM_OF = {item.code: item for item in ITEMS}


def answers(deployment: Deployment, plan: ExitPlan | None) -> tuple[Answer, ...]:
    """In the order of the checklist; reads the checks and alternatives of the plan, prefetched or not."""
    checks = {check.item: check for check in plan.checks.all()} if plan else {}
    alternatives = tuple(plan.alternatives.all()) if plan else ()
    subject = Subject(deployment, plan, alternatives)
    return tuple(_answer(item, item.derive(subject), checks.get(item.code)) for item in ITEMS)


def _answer(item: Item, derived: Derived | None, check: ExitCheck | None) -> Answer:
    if derived is not None:
        return Answer(item, derived.state, derived.why, derived.on, is_derived=True)
    if check is None:
        return Answer(item, CheckState.UNKNOWN, "", None, is_derived=False)
    return Answer(item, CheckState(check.state), check.note, check.done_on, is_derived=False)


def readiness(found: Iterable[Answer]) -> Readiness:
    states = [answer.state for answer in found]
    return Readiness(
        done=states.count(CheckState.DONE),
        applicable=len(states) - states.count(CheckState.NOT_APPLICABLE),
        unknown=states.count(CheckState.UNKNOWN),
    )


def next_missing(found: Iterable[Answer]) -> Answer | None:
    """The first that is not done or not known to be; None: nothing is missing."""
    return next((answer for answer in found if answer.is_open), None)
