"""The columns of a file of deployments: what an export writes is what an import reads."""

from riskboard.catalog.cells import day, decimal, one_of, whole, words
from riskboard.catalog.columns import Column
from riskboard.portfolio.kinds import Environment, Mirror, Scheme

COLUMNS = (
    Column("workflow", "workflow.name", words(required=True, at_most=120), "What would stop."),
    Column("owner", "workflow.owner", words(at_most=120), "Who answers for the workflow: a role or a person."),
    Column("tier", "workflow.tier", whole(required=False), "1 critical, 2 important, 3 useful, 4 experiment."),
    Column("tolerated_outage_days", "workflow.tolerated_days", decimal(), "How long the workflow may stand still."),
    Column("environment", "environment", one_of(Environment, required=False), "Blank: production."),
    Column("model", "reference", words(required=True, at_most=300), "As it is named where it is used."),
    Column("scheme", "scheme", one_of(Scheme, required=False), "Where that name means something."),
    Column("revision", "revision", words(at_most=64), "The pinned commit."),
    Column("embed_depth", "embed_depth", whole(required=False), "0 behind a gateway to 4 fused with the product."),
    Column("switch_low", "switch_low", decimal(), "Person-days to switch, at best."),
    Column("switch_likely", "switch_likely", decimal(), "Person-days to switch, most likely."),
    Column("switch_high", "switch_high", decimal(), "Person-days to switch, at worst."),
    Column("switch_days", "switch_days", whole(required=False), "Calendar days that a switch takes."),
    Column("mirror", "mirror", one_of(Mirror, required=False), "Whether the weights are copied. Blank: unknown."),
    Column("mirror_place", "mirror_place", words(at_most=300), "Where the copy is."),
    Column("mirror_sha256", "mirror_sha256", words(at_most=64), "Its hash."),
    Column("mirror_checked_on", "mirror_checked_on", day(), "When that hash was compared."),
    Column("served_by", "served_by", words(at_most=120), "The host. Blank: our own machines."),
    Column("note", "note", words(), "Anything else."),
)
SWITCH = ("switch_low", "switch_likely", "switch_high")  # all three or none, from low to high
HEADER = tuple(column.name for column in COLUMNS)
