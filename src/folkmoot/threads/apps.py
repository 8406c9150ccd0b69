from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    name = "folkmoot.threads"
    label = "threads"

    def ready(self) -> None:
        import folkmoot.threads.listeners
        import folkmoot.threads.tasks  # noqa: F401  registers what it hears and does by the clock
