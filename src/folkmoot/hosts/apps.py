from django.apps import AppConfig


class HostsConfig(AppConfig):
    name = "folkmoot.hosts"
    label = "hosts"

    def ready(self) -> None:
        import folkmoot.hosts.listeners
        import folkmoot.hosts.tasks  # noqa: F401  registers what it hears and does by the clock
