from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "folkmoot.standards"
    label = "standards"
