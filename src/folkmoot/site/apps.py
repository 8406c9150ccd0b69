from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "folkmoot.site"
    label = "site"

    def ready(self) -> None:
        import folkmoot.site.tasks  # noqa: F401  registers what the worker does by the clock
