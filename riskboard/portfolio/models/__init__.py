from riskboard.portfolio.models.deployments import Acceptance, Deployment, Workflow
from riskboard.portfolio.models.imports import PortfolioImport, PortfolioMention
from riskboard.portfolio.models.plans import Alternative, ExitCheck, ExitPlan, Rehearsal
from riskboard.portfolio.models.teams import Company, Membership, Team

__all__ = [
    "Acceptance",
    "Alternative",
    "Company",
    "Deployment",
    "ExitCheck",
    "ExitPlan",
    "Membership",
    "PortfolioImport",
    "PortfolioMention",
    "Rehearsal",
    "Team",
    "Workflow",
]
