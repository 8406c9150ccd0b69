from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "folkmoot.standards"
    label = "standards"

    def ready(self) -> None:
        import folkmoot.standards.tasks  # noqa: F401
