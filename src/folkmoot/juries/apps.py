from django.apps import AppConfig


class JuriesConfig(AppConfig):
    name = "folkmoot.juries"
    label = "juries"

    def ready(self) -> None:
        import folkmoot.juries.listeners
        import folkmoot.juries.tasks  # noqa: F401  registers what it hears and does by the clock
