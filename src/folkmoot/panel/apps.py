from django.apps import AppConfig


class PanelConfig(AppConfig):
    name = "folkmoot.panel"
    label = "panel"

    def ready(self) -> None:
        import folkmoot.panel.listeners
        import folkmoot.panel.tasks  # noqa: F401  registers what it hears and does by the clock
