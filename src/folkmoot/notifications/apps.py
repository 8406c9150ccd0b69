from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "folkmoot.notifications"
    label = "notifications"

    def ready(self) -> None:
        import folkmoot.notifications.listeners
        import folkmoot.notifications.tasks  # noqa: F401  registers what it hears and does by the clock
