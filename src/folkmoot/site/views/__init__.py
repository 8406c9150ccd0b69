"""The shell's doors."""

from folkmoot.site.views.errors import bad_request, csrf_failure, not_found, refused, server_error, too_many

__all__ = ["bad_request", "csrf_failure", "not_found", "refused", "server_error", "too_many"]
