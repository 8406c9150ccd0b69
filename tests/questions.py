"""The standard questions, asked of every route that takes a POST: signed out, outsider, wrong role, GET, forged, twice."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from folkmoot.base.models import StateModel
from folkmoot.hosts import actions as hosts
from folkmoot.members import actions as members
from folkmoot.notifications.letters import token as stop_token
from folkmoot.standards import actions as standards
from folkmoot.standards.rules import Kind
from folkmoot.threads.models import Attachment, Revision
from tests.cast import PASSWORD, sign_in
from tests.pages import Scene
from tests.routes import route_names

NEW_PASSWORD = "another-long-password"
REASON = {"reason": "For a reason."}


@dataclass(frozen=True, slots=True)
class Door:
    """A route that takes a POST. `role`: who may: visitor (anybody), member, author (Bram), host (Bram, of the books, and on the intake team), owner (Cleo, of her own
    account), administrator. A visitor's door may let everybody change something, so only GET, forged and twice are asked."""

    name: str
    role: str
    data: dict[str, Any] = field(default_factory=dict)
    where: dict[str, Any] = field(default_factory=dict)
    """What its address names, beside the sample of every route below."""
    changes: bool = True
    """Whether the right person's POST changes a row of the community."""
    proof: bool = False
    """Its address is a secret that proves enough: no cookie counts there, and a form from anywhere may come."""
    again: bool = False
    """Whether a second time is a second thing, by design."""
    answers: tuple[int, ...] = (200, 302)


def doors(scene: Scene) -> list[Door]:
    """In an order in which each finds what it needs: what is deleted or banned comes last."""
    reply, locked, pinned = scene.reply.pk, scene.locked.pk, scene.pinned.pk
    uid, token = members.link_for(scene.village.dara).rstrip("/").split("/")[-2:]
    now = datetime.now(UTC)
    article = {
        "link": "https://lantern.example/new", "publication": "The Lantern", "subject": "N", "text": "T", "zone": "Etc/UTC",
        "published_on": f"{now:%Y-%m-%d}", "published_at": f"{now:%H:%M}", "key": "news-form",
    }  # fmt: skip
    community = {"name": "The Moot", "promise": "We settle it here.", "zone": "UTC", **REASON}
    return [
        Door("account_signup", "visitor", {"username": "Hana", "password1": NEW_PASSWORD}),
        Door("account_login", "visitor", {"login": "Ada", "password": PASSWORD}, changes=False),
        Door("account_reset_password", "visitor", {"email": "ada@moot.example"}, changes=False),
        Door("account_reset_password_from_key", "visitor", {"password1": NEW_PASSWORD}, changes=False),
        Door("account_confirm_email", "visitor", changes=False, answers=(404,)),
        Door("members:begin_claim", "visitor", where={"name": "old.hand"}, again=True),
        Door("members:claim", "visitor", {"where": "https://old.example/t/2"}),
        Door("members:one_time", "visitor", {"password": NEW_PASSWORD}, {"uid": uid, "token": token}, answers=(302, 404)),
        Door("threads:preview", "visitor", {"text": "*Look*"}, changes=False),
        Door("site:demo_sign_in", "visitor", {"name": "Ada"}, changes=False, answers=(404,)),
        Door("threads:recommend", "member", where={"post_id": scene.opening.pk}),
        Door("threads:reply", "member", {"text": "A reply", "key": "one-form"}),
        Door("threads:start", "member", {"subject": "New", "text": "Thread", "key": "another-form"}),
        Door("threads:start", "member", {**article, "subject": "The dam holds"}, {"slug": "breaking-news"}),
        Door("threads:start", "administrator", {**article, "link": "", "override": "Said on the radio."}, {"slug": "breaking-news"}),
        Door("threads:start", "administrator", {"subject": "N", "text": "T", "key": "third-form"}, {"slug": "announcements"}),
        Door("standards:new_draft", "member", {
            "kind": "words", "standard": "3", "title": "T", "text": "W", "reason": "R", "forum": "lounge", "key": "a-draft",
        }),
        Door("standards:second", "member"),
        Door("standards:unsecond", "author"),
        Door("standards:vote", "member", {"choice": "1"}, {"draft_id": scene.ballot.pk}),
        Door("standards:elect", "member", {f"choice{scene.candidate.pk}": "1"}, {"election_id": scene.election.pk}),
        Door("panel:stand", "member", {"reason": "R", "forum": "lounge", "key": "c"}, changes=False, answers=(422,)),  # Cleo sits there
        Door("panel:review", "member", {"undoes": "no", "reason": "R"}),
        Door("panel:ask", "owner", {"text": "It was wrong."}, changes=False, answers=(403,)),
        Door("panel:leave", "owner"),
        Door("standards:withdraw", "author", where={"draft_id": _own_draft(scene)}),
        Door("threads:edit", "author", {"subject": "E", "text": "Edited"}, {"post_id": reply}),
        Door("threads:withdraw_revision", "author", where={"post_id": reply}),
        Door("notifications:see", "owner"),
        Door("notifications:choices", "owner", {
            **dict.fromkeys(("reply", "mention", "thread", "forum", "recommended", "jury"), "site"), "mention": "mail", "every": "daily",
        }),
        Door("notifications:follow_thread", "owner", {"level": "none"}),
        Door("notifications:follow_forum", "owner", {"level": "watch"}),
        Door("notifications:stop", "visitor", where={"token": stop_token(scene.village.cleo.pk, "mention")}, proof=True),
        Door("threads:keep_draft", "owner", {"path": f"/posts/{reply}/reply/", "text": "Half", "key": "half-a-draft"}),
        Door("threads:drop_draft", "owner", {"path": f"/posts/{reply}/reply/"}),
        Door("threads:lock", "administrator", REASON),
        Door("threads:unlock", "administrator", REASON, {"thread_id": locked}),
        Door("threads:pin", "administrator", REASON),
        Door("threads:unpin", "administrator", REASON, {"thread_id": pinned}),
        Door("threads:move", "administrator", {"to": str(scene.books.pk), **REASON}, {"thread_id": pinned}),
        Door("hosts:offer", "administrator", {"member": "Ada", **REASON}, {"slug": "books"}),
        Door("hosts:block", "administrator", {"member": "Dara", "days": "5", **REASON}, {"slug": "books"}),
        Door("hosts:lift", "administrator", REASON),
        Door("hosts:desk", "host", {"text": "Off the purpose."}, {"slug": "books"}),
        Door("hosts:drop_reason", "host"),
        Door("hosts:team", "administrator", {"member": "Cleo", **REASON}),
        Door("hosts:dismiss", "administrator", REASON, {"name": "Ada"}),
        Door("hosts:revoke", "host", {"sweeps": "on", **REASON}, {"name": "Dara"}),
        Door("hosts:undo", "host", REASON),
        Door("hosts:watches", "administrator", {"kind": "domain", "pattern": "spam.example", "days": "5", **REASON}),
        Door("hosts:end_watch", "administrator", REASON),
        Door("hosts:night_watch", "administrator", {"hours": "5", **REASON}),
        Door("hosts:recall", "member", {"reason": "R", "forum": "lounge", "key": "a-recall"}, {"seat_id": _other_seat(scene)}),
        Door("hosts:remove", "administrator", REASON, {"seat_id": scene.bram_seat.pk}),
        Door("threads:restore", "administrator", REASON, {"post_id": scene.hidden.pk}),
        Door("site:feature", "administrator", REASON),
        Door("site:unfeature", "administrator", REASON),
        Door("site:redact", "administrator", REASON),
        Door("site:change_house_page", "administrator", {"text": "Ours", **REASON}),
        Door("site:community", "administrator", community),
        Door("site:seek_by_mail", "administrator", {"asked": "@moot.example", **REASON}, again=True),
        Door("site:seek_by_network", "administrator", {"asked": "127.0.0.1", **REASON}, again=True),
        Door("site:private", "administrator", REASON, again=True),
        Door("site:open_category", "administrator", {"name": "A new shelf", **REASON}),
        Door("site:change_category", "administrator", {"name": "Matters", "order": "3", "is_retired": "on", **REASON}, {"slug": "issues"}),
        Door("site:open_forum", "administrator", {
            "category": str(scene.village.forum.category_id), "name": "A new forum", "purpose": "For trying.", **REASON,
        }),
        Door("site:change_forum", "administrator", {
            "category": str(scene.village.forum.category_id), "name": "The Fire", "purpose": "Whatever comes.", "order": "9", **REASON,
        }),
        Door("site:load_level", "administrator", {"level": "0", **REASON}),
        Door("site:posting_rules", "administrator", {"link_required": "on", **REASON}),
        Door("site:confirm_claim", "administrator", REASON),
        Door("site:refuse_claim", "administrator", REASON, {"claim_id": _second_claim(scene)}),
        Door("site:give-star", "administrator", REASON),
        Door("site:end-star", "administrator", REASON, {"name": "Fern"}),
        Door("site:link", "administrator", REASON),
        Door("ledger:cosignature", "visitor", changes=False, answers=(403,)),
        Door("juries:willing", "owner", {"willing": "no"}),
        Door("juries:block", "owner", {"name": "Ada"}),
        Door("juries:alert", "member", {"standard": "3", "text": "It attacks somebody."}, {"post_id": scene.opening.pk}),
        Door("juries:send", "author", {"standard": "3", "text": "Out of a quarrel."}, {"act_id": scene.lock_act}),
        Door("juries:vote", "administrator", {"choice": "3", "standard": "", "reason": ""}),
        Door("juries:answer", "owner", {"answer": "serve"}, changes=False, answers=(404,)),
        Door("juries:leave", "owner", changes=False, answers=(404,)),
        Door("juries:appeal", "author", {"text": "It was a quotation."}),
        Door("legal:notice", "visitor", {
            "where": f"/posts/{reply}/", "kind": "person", "why": "It names a child.", "good_faith": "on",
        }, again=True),
        Door("legal:removed", "author", {"text": "It is a butter knife."}, {"post_id": scene.removed.pk}),
        Door("legal:remove", "administrator", {"ground": "Law", "facts": "This."}, {"post_id": scene.pinned.opening_id}),
        Door("legal:decide", "administrator", {"decision": "remove", "ground": "Law", "facts": "This.", "answer": "Done."}),
        Door("legal:answer", "administrator", {"decision": "restore", "text": "You are right.", **REASON}),
        Door("site:second-step", "administrator", REASON, {"name": "Fern"}),
        Door("threads:delete", "author", where={"post_id": reply}),
        Door("threads:hide", "administrator", REASON, {"post_id": scene.opening.pk}),
        Door("members:see_reads", "owner"),
        Door("members:see_notices", "owner"),
        Door("hosts:seat", "owner", {"accept": "1"}),
        Door("hosts:resign", "owner"),
        Door("hosts:leave", "owner"),
        Door("members:account", "owner", {"about": "Changed.", "zone": "", "theme": "dark"}),
        Door("threads:keep", "owner", {"view": "flat", "highlight": "5"}),
        Door("threads:mark_all_read", "owner", changes=False),
        Door("threads:mark_forum_read", "owner", changes=False),
        Door("mfa_authenticate", "visitor", {"code": "123456"}, changes=False),
        Door("mfa_reauthenticate", "owner", {"code": "123456"}, changes=False),
        Door("mfa_activate_totp", "owner", {"code": "123456"}, changes=False),
        Door("mfa_deactivate_totp", "owner", changes=False, answers=(404,)),
        Door("mfa_generate_recovery_codes", "owner", changes=False),
        Door("account_email", "owner", {"action_add": "", "email": "new@moot.example"}),
        Door("account_set_password", "owner", {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, changes=False),
        Door("account_reauthenticate", "owner", {"password": PASSWORD}, changes=False),
        Door("account_change_password", "owner", {
            "oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD,
        }),
        Door("account_logout", "owner", changes=False),
        Door("site:ban", "administrator", REASON),
        Door("site:unban", "administrator", REASON, {"name": "Eli"}),
    ]  # fmt: skip


def _own_draft(scene: Scene) -> int:
    """Bram's, to be withdrawn."""
    words = {"reason": "R", "title": "Bram's", "text": "W"}
    return standards.put_forward(Kind.NEW, by=scene.village.bram, forum=scene.village.forum, **words).pk


def _other_seat(scene: Scene) -> int:
    """Ada's, to be recalled."""
    seat = hosts.offer_seat(scene.village.forum, by=scene.village.gus, member=scene.village.ada, **REASON)
    hosts.accept_seat(seat, by=scene.village.ada)
    return seat.pk


def _second_claim(scene: Scene) -> int:
    other = members.move_in("other.hand", joined=scene.oldhand.joined_at)
    members.begin_claim(other)
    return other.claims.get().pk


def samples(scene: Scene) -> dict[str, Any]:
    """A value for each name that a route has in its address."""
    return {
        "slug": "general-discussion", "page": "terms", "name": "Cleo", "post_id": scene.reply.pk, "thread_id": scene.thread.pk,
        "revision_id": Revision.objects.order_by("pk")[0].pk, "attachment_id": Attachment.objects.order_by("pk")[0].pk, "claim_id": scene.claim.pk, "notice_id": scene.notice.pk, "removal_id": scene.removal.pk, "draft_id": scene.draft.pk, "election_id": scene.election.pk, "review_id": scene.review.pk, "seat_id": scene.offer.pk, "revocation_id": scene.revocation.pk, "reason_id": scene.ready.pk, "watch_id": scene.watch.pk, "block_id": scene.block.pk, "case_id": scene.judged.pk, "jury_id": scene.before_officers.pk, "kind": "first", "act_id": scene.acts[0], "path": "tile/0/000", "secret": scene.claim_secret, "number": 0,
        "uid": "MQ", "token": "abc-def", "uidb36": "1", "key": "abc-def",
    }  # fmt: skip


def address(scene: Scene, name: str, where: dict[str, Any]) -> str:
    route, known = route_names()[name], {**samples(scene), **where}
    missing = [n for n in _names(route) if n not in known]
    assert not missing, f"{name}: tests/questions.py has no sample for {missing}"
    return reverse(name, kwargs={n: known[n] for n in _names(route)})


def _names(route: str) -> list[str]:
    return re.findall(r"<(?:\w+:)?(\w+)>", route.replace("?P<", "<"))


def takes_post(scene: Scene, name: str) -> bool:
    """Whether a route takes a POST from anybody. (A visitor may be sent to sign in before it says that it takes none.)"""
    path = address(scene, name, {})
    return all(c.post(path).status_code != 405 for c in (Client(), scene.village.signed_in(scene.village.gus)))


def world() -> dict[str, list[tuple[Any, ...]]]:
    """Every row that a person would miss. Signing in is noted on the account; what a visit writes is in `state`."""
    rows = {}
    for model in apps.get_models():
        if model.__module__.startswith("folkmoot.") and not issubclass(model, StateModel):
            fields = [f.attname for f in model._meta.concrete_fields if f.attname != "last_login"]
            rows[model._meta.label] = list(model._base_manager.order_by("pk").values_list(*fields))
    return rows


def others() -> dict[str, list[tuple[Any, ...]]]:
    """The same, but for drafts: whoever may write in a place and is refused there keeps what they typed, for themselves."""
    return {label: found for label, found in world().items() if label != "threads.Unsent"}


def row_counts(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, int]:
    """Doing it twice may be told twice on the record, and changes nothing else."""
    told_twice = ("ledger.", "base.")
    return {label: len(found) for label, found in rows.items() if not label.startswith(told_twice)}


class Questions:
    """Ask one scene's doors; `troubles` gathers a sentence for each wrong answer."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.village = scene, scene.village
        self.troubles: list[str] = []
        self.asked = 0

    def people(self, role: str) -> tuple[Callable[..., Client], list[tuple[str, Client]]]:
        """The right person's client, and everybody who is none."""
        v = self.village
        outsiders = [("somebody signed out", Client()), ("a banned member", v.signed_in(v.eli))]
        if role in ("author", "owner", "host", "administrator"):
            outsiders += [("a newcomer", v.signed_in(v.dara)), ("a Star member", v.signed_in(v.fern))]
        right = {"member": v.cleo, "author": v.bram, "host": v.bram, "owner": v.cleo, "administrator": v.gus}

        def make(**options: Any) -> Client:
            client = Client(**options)
            return sign_in(client, right[role]) if role in right else client

        return make, [] if role in ("visitor", "owner") else outsiders

    def ask(self, door: Door) -> None:
        path = address(self.scene, door.name, door.where)
        right, outsiders = self.people(door.role)
        before = others()
        for who, client in outsiders:
            answer = self.post(client, path, door)
            self.hear(door, f"lets {who} change something", others() == before)
            self.hear(door, f"answers {who} with {answer.status_code}", answer.status_code in (200, 302, 403, 404, 422))
        if door.role == "owner":
            answer = self.post(Client(), path, door)
            self.hear(door, "lets somebody signed out in", answer.status_code == 302 and others() == before)
        for client in (Client(), right()):
            client.get(path, door.data)
            self.hear(door, "changes something on GET", others() == before)
        if not door.proof:
            forged = self.post(right(enforce_csrf_checks=True), path, door)
            self.hear(door, "takes a form from elsewhere", forged.status_code == 403 and others() == before)
        self.twice(door, path, right())

    def twice(self, door: Door, path: str, client: Client) -> None:
        before = world()
        answer = self.post(client, path, door)
        once = world()
        self.hear(door, f"answers the right person with {answer.status_code}", answer.status_code in door.answers)
        if door.role == "administrator" and door.name not in ("threads:start", "juries:vote"):  # of two votes the second is told
            acts = "ledger.OutboxEntry"
            self.hear(door, "leaves no act on the ledger", len(once[acts]) > len(before[acts]))
        self.hear(door, f"{'changes nothing' if door.changes else 'changes something'}", (once != before) == door.changes)
        again = self.post(client, path, door)
        self.hear(
            door, f"answers a second time with {again.status_code}", again.status_code in (200, 302, 403, 404, 409, 410, 422)
        )
        self.hear(door, "does it again the second time", door.again or row_counts(world()) == row_counts(once))
        client.cookies.pop(settings.SESSION_COOKIE_NAME, None)

    def post(self, client: Client, path: str, door: Door) -> HttpResponse:
        """A view that breaks is a wrong answer like any other: 500."""
        client.raise_request_exception = False
        return client.post(path, door.data)

    def hear(self, door: Door, wrong: str, right: bool) -> None:
        self.asked += 1
        if not right:
            self.troubles.append(f"{door.name} ({door.role}) {wrong}")
