"""The closed vocabularies of a team's own records."""

from django.db.models import IntegerChoices, TextChoices


class Scheme(TextChoices):
    """Where a name of a model means something."""

    HUGGING_FACE = "hugging_face", "Hugging Face"
    MODELSCOPE = "modelscope", "ModelScope"
    GITHUB = "github", "GitHub"
    OLLAMA = "ollama", "Ollama"
    OPENROUTER = "openrouter", "OpenRouter"
    OTHER = "other", "other"


class Relation(TextChoices):
    """What a deployed model is to the cataloged release that it stands on."""

    SAME = "same", "the release itself"
    FINE_TUNE = "fine_tune", "fine-tune of it"
    ADAPTER = "adapter", "adapter on it"
    QUANTIZATION = "quantization", "quantization of it"
    MERGE = "merge", "merge with it"
    DISTILLATION = "distillation", "distilled from it"


class Matched(TextChoices):
    """How sure it is which release a name means."""

    EXACT = "exact", "exact name"
    ALIAS = "alias", "known alias"
    LINEAGE = "lineage", "stated base model"
    GUESS = "guess", "guessed from the name"
    MANUAL = "manual", "chosen by hand"
    NONE = "none", "not matched"


class Tier(IntegerChoices):
    CRITICAL = 1, "1: critical"
    IMPORTANT = 2, "2: important"
    USEFUL = 3, "3: useful"
    EXPERIMENT = 4, "4: experiment"


class EmbedDepth(IntegerChoices):
    SWAPPABLE = 0, "0: behind a gateway, one of several"
    CONFIGURED = 1, "1: one setting"
    PROMPTED = 2, "2: prompts tuned to it"
    ADAPTED = 3, "3: tools, evaluation or data built around it"
    FUSED = 4, "4: fine-tuned on it, or part of the product"


class Environment(TextChoices):
    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"
    RESEARCH = "research"


class Mirror(TextChoices):
    UNKNOWN = "unknown", "unknown"
    NONE = "none", "no copy of ours"
    UNVERIFIED = "unverified", "a copy, hash not compared"
    VERIFIED = "verified", "a copy, hash compared"


class Mode(TextChoices):
    WITHDRAWN = "withdrawn", "withdrawn"
    RESTRICTED = "restricted", "restricted"
    CLOSED_NEXT = "closed_next", "next version closed"


class Substitutability(TextChoices):
    """How hard it is to replace, in the words of the register of the European DORA."""

    NOT_SUBSTITUTABLE = "not_substitutable", "not substitutable"
    HIGHLY_COMPLEX = "highly_complex", "highly complex to substitute"
    MEDIUM_COMPLEX = "medium_complex", "of medium complexity to substitute"
    EASILY_SUBSTITUTABLE = "easily_substitutable", "easily substitutable"


class Reintegration(TextChoices):
    """Could the work be taken back into the organization?"""

    POSSIBLE = "possible"
    DIFFICULT = "difficult"
    IMPOSSIBLE = "impossible"


class Impact(TextChoices):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class CheckState(TextChoices):
    DONE = "done", "done"
    NOT_YET = "not_yet", "not yet"
    NOT_APPLICABLE = "not_applicable", "does not apply"
    UNKNOWN = "unknown", "unknown"


class Outcome(TextChoices):
    PASSED = "passed"
    PARTLY = "partly", "passed in part"
    FAILED = "failed"
