from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "folkmoot.forums"
    label = "forums"
