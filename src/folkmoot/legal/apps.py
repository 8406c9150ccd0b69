from django.apps import AppConfig


class LegalConfig(AppConfig):
    name = "folkmoot.legal"
    label = "legal"

    def ready(self) -> None:
        import folkmoot.legal.listeners
        import folkmoot.legal.tasks  # noqa: F401  registers what it hears and does by the clock
