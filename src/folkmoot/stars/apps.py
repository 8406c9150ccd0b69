from django.apps import AppConfig


class StarsConfig(AppConfig):
    name = "folkmoot.stars"
    label = "stars"
