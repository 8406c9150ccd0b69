from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "folkmoot.ledger"
    label = "ledger"

    def ready(self) -> None:
        import folkmoot.ledger.listeners  # noqa: F401  registers what the ledger hears
        import folkmoot.ledger.tasks  # noqa: F401  registers its tick
