from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "folkmoot.base"
    label = "base"
