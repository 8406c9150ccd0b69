"""The files of the log and its proofs, for programs. The page for people is composed by the shell."""

import base64
import re
from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from folkmoot.base.answers import Refused
from folkmoot.ledger import actions, queries
from folkmoot.ledger.keys import NoKey
from folkmoot.ledger.models import NOTE_MAX, OutboxEntry

_TEXT = "text/plain; charset=utf-8"
_FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    return _file("checkpoint", _TEXT)


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """What a tile of this name holds never changes: whoever has it may keep it. (What goes to a member is kept by nobody.)"""
    response = _file(path, "application/octet-stream")
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        response["Cache-Control"] = _FOR_EVER
    return response


def _file(path: str, kind: str) -> HttpResponse:
    content = queries.served_file(path)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type=kind)


@csrf_exempt
@require_POST
def cosignature(request: HttpRequest) -> HttpResponse:
    """A witness gives a checkpoint back with its signature, which is all that it needs to be believed."""
    if not settings.WITNESSES or len(request.body) > NOTE_MAX:
        return HttpResponse("This community has no witness that would say this.\n", status=403, content_type=_TEXT)
    try:
        actions.take_cosignature(request.body.decode(errors="replace"), now=datetime.now(UTC))
    except (Refused, NoKey) as why:
        return HttpResponse(f"{why}\n", status=403, content_type=_TEXT)
    return HttpResponse("Kept.\n", content_type=_TEXT)


@require_safe
def proof(request: HttpRequest, act_id: int) -> HttpResponse:
    """That an act stands in the log: RFC 9162 §2.1.3. Hashes in base64, like the checkpoint's."""
    found = queries.proof(get_object_or_404(OutboxEntry, pk=act_id))
    if found is None:
        raise Http404
    return JsonResponse({
        "checkpoint": found.checkpoint, "index": found.index, "size": found.size, "entry": found.entry.decode(),
        "leaf_hash": _base64(found.leaf_hash), "inclusion": [_base64(one) for one in found.path],
    })  # fmt: skip


@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """That the log goes on from the `from` entries it once had: RFC 9162 §2.1.4."""
    asked = request.GET.get("from", "")
    found = queries.consistency(int(asked)) if re.fullmatch(r"[0-9]{1,18}", asked, re.ASCII) else None
    if found is None:
        raise Http404
    return JsonResponse({"checkpoint": found[0], "from": int(asked), "consistency": [_base64(one) for one in found[1]]})


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
