from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "folkmoot.search"
    label = "search"

    def ready(self) -> None:
        import folkmoot.search.listeners
        import folkmoot.search.tasks  # noqa: F401  registers what it hears and does by the clock
