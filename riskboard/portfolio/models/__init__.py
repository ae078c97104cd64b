from riskboard.portfolio.models.deployments import Acceptance, Deployment, Workflow
from riskboard.portfolio.models.teams import Company, Membership, Team

__all__ = ["Acceptance", "Company", "Deployment", "Membership", "Team", "Workflow"]
