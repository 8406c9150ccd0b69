from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "folkmoot.exchange"
    label = "exchange"
