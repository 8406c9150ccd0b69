"""The door to the files of posts."""

from pathlib import Path

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from folkmoot.members.middleware import MemberRequest
from folkmoot.threads import media, rules
from folkmoot.threads.addresses import attachment_address
from folkmoot.threads.models import Attachment, State
from folkmoot.threads.queries import visible_post


@require_safe
def attachment(request: MemberRequest, attachment_id: int, name: str = "") -> HttpResponseBase:
    """A file, to be saved and never shown: whatever is in it runs nowhere. Whoever may read its post may have it."""
    found = get_object_or_404(Attachment, pk=attachment_id)
    post = visible_post(found.post_id, request.reader)
    path = media.path_of(found.sha256)
    if not rules.may_download(request.member, post) or not path.is_file():
        raise Http404
    if name != found.name:
        return redirect(attachment_address(found.pk, found.name))
    response = _saved(request, found, path)
    if post.state != State.VISIBLE or post.thread.state != State.VISIBLE:
        response.headers["Cache-Control"] = "no-store"
    return response


def _saved(request: MemberRequest, file: Attachment, path: Path) -> HttpResponseBase:
    etag = f'"{file.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = FileResponse(path.open("rb"), content_type=file.media_type)
    response.headers["ETag"] = etag
    response.headers["Content-Disposition"] = rules.disposition(file.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
