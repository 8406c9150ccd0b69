from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "folkmoot.site"
    label = "site"
