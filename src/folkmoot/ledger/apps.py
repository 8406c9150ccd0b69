from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "folkmoot.ledger"
    label = "ledger"

    def ready(self) -> None:
        import folkmoot.ledger.listeners
        import folkmoot.ledger.tasks  # noqa: F401  registers its tick
