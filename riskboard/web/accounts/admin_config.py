from django.contrib.admin.apps import AdminConfig


class BoardAdminConfig(AdminConfig):
    default_site = "riskboard.web.accounts.admin_site.BoardAdminSite"
