"""Whether a new wording must wait: called by whatever writes one, in its transaction."""

import re

from django.db import connection

from folkmoot.base import markup
from folkmoot.base.time import now_moment, to_datetime
from folkmoot.members.models import Member
from folkmoot.threads import rules

_WATCHES = """
SELECT kind, pattern FROM members_watch WHERE until > %s AND ended_at IS NULL AND kind <> 'mail'
UNION ALL SELECT 'night', '' FROM members_nightwatch WHERE until > %s AND ended_at IS NULL
"""


def why_wait(by: Member, forum_id: int, *, forum_holds: bool, subject: str, text: str, link: str = "", network: str = "") -> str:
    """The reason as a key of `rules.WAITS`; empty when it need not."""
    html = markup.render(text) if markup.has_link(text) else ""
    hosts = [rules.host_of(found) for found in [*re.findall(r'href="([^"]+)"', html), *([link] if link else [])]]
    return rules.why_wait(
        by, forum_id, has_link=markup.has_link(text) or bool(link), forum_holds=forum_holds, watches=_watches(),
        words=f"{subject}\n{text}", hosts=hosts, network=network,
    )  # fmt: skip


def _watches() -> list[tuple[str, str]]:
    now = connection.ops.adapt_datetimefield_value(to_datetime(now_moment()))
    with connection.cursor() as cursor:
        cursor.execute(_WATCHES, [now, now])
        return [(kind, pattern) for kind, pattern in cursor.fetchall()]
