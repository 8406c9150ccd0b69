"""The shell's doors."""

from folkmoot.site.views.errors import csrf_failure, not_found, refused, server_error

__all__ = ["csrf_failure", "not_found", "refused", "server_error"]
