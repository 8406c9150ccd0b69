from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "folkmoot.members"
    label = "members"

    def ready(self) -> None:
        import folkmoot.members.tasks  # noqa: F401  registers what the worker does by the clock
