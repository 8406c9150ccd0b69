from django.apps import AppConfig


class JuriesConfig(AppConfig):
    name = "folkmoot.juries"
    label = "juries"
