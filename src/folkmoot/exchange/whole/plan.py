"""Which rows and fields leave the house, and which only in a private export.

Every model of every room stands here, in PLAN or in LEFT_OUT, and every field of those in PLAN: tests/house/test_export.py
fails otherwise. Models are named by their label, because rooms above this one have some too.

A public export holds what a visitor may read: rows that a visitor may not know of are absent, words that a visitor may not
read are empty, and a field that is nobody's business is not there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import F, Field, Model, Q, QuerySet

from folkmoot.ledger.rules.entries import PEOPLE

COMMUNITY = "community.json"
"""The one row of the community, and what is in the other files. Written last: without it an export is not whole."""

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A file of an export: the rows of one model in the order of their ids, one a line."""

    file: str
    model: str
    public: str = ""
    """Fields in every export. Without any, the whole file is in a private export only."""
    private: str = ""
    """Fields in a private export only."""
    words: str = ""
    """Of the public fields those that are empty in a public export unless `state` is visible."""
    state: str = ""
    hidden_rows: Q = field(default_factory=Q)
    """In a public export these rows are absent."""
    beside: tuple[tuple[str, str], ...] = ()
    """Fields of a row beside (one to one), as name in the file and path from the model."""

    @property
    def rows_of(self) -> type[Model]:
        return apps.get_model(self.model)

    def names(self, *, private: bool) -> list[str]:
        """The fields in the order of the file."""
        return [*self.public.split(), *([*self.private.split()] if private else [])]

    def fields(self, *, private: bool) -> Iterator[tuple[str, Field[Any, Any], str]]:
        """Name in the file, model field, path from the model."""
        paths = dict(self.beside)
        for name in self.names(private=private):
            path = paths.get(name, name)
            model, _, last = path.rpartition("__")
            owner = self.rows_of._meta.get_field(model).related_model if model else self.rows_of
            assert isinstance(owner, type)
            field = owner._meta.get_field(last)
            assert isinstance(field, Field)
            yield name, field, path

    def rows(self, *, private: bool) -> QuerySet[Model]:
        found = self.rows_of._default_manager.order_by("pk")
        return found if private else found.exclude(self.hidden_rows) if self.hidden_rows else found


def tables(*, private: bool) -> list[Table]:
    return [table for table in PLAN if private or table.public]


_UNKNOWN = Q(number=None) | Q(state="pending")
"""Posts that wait, or waited and were turned away, are known to their author and the administrators only."""

_OF_UNKNOWN_POST = Q(post__number=None) | Q(post__state="pending")

_UNDECIDED_CASE = Q(closed_at=None)
_UNDECIDED = Q(decided_at=None) | Q(case__closed_at=None)
_OF_UNDECIDED = Q(jury__decided_at=None) | Q(jury__case__closed_at=None) | Q(position__gte=F("jury__walked"))
_OF_NO_SEAT = (
    Q(seat__jury__decided_at=None) | Q(seat__jury__case__closed_at=None) | Q(seat__position__gte=F("seat__jury__walked"))
)

PLAN = (
    Table(
        COMMUNITY, "site.Community",
        "id name promise welcome zone zone_name template star_link star_text founded_at load_level",
    ),
    Table("categories.jsonl", "forums.Category", "id slug name order is_main is_retired"),
    Table(
        "forums.jsonl", "forums.Forum",
        "id category_id slug name purpose order administrators_only newcomers_wait created_at thread_count post_count",
    ),
    Table(
        "posting_rules.jsonl", "forums.PostingRules",
        "forum_id link_required headline_is_subject max_age_hours unique_link_days max_quoted_paragraphs",
    ),
    Table("ready_reasons.jsonl", "forums.ReadyReason", private="id forum_id text"),
    Table(
        "members.jsonl", "members.Member",
        "id name name_key joined_at office claimable about post_count shown_post_count imported_post_count banned_at"
        " ban_reason star_since host_of blocked_from",
        private="email password last_login zone theme view highlight has_unseen_reads paused_until jury_call office_since"
        " has_unseen_notices unseen_count on_intake_team on_panel",
    ),
    Table("mail_addresses.jsonl", "account.EmailAddress", private="id user_id email verified primary"),
    Table("second_factors.jsonl", "mfa.Authenticator", private="id user_id type data created_at last_used_at"),
    Table("claims.jsonl", "members.Claim", private="id member_id code secret_hash where made_at granted reason"),
    Table("notices.jsonl", "members.Notice", private="id member_id text address told_at"),
    Table("watches.jsonl", "members.Watch", private="id kind pattern begun_at until ended_at reason salt"),
    Table("night_watches.jsonl", "members.NightWatch", "id begun_at until ended_at office reason"),
    Table("private_reads.jsonl", "members.PrivateRead", private="id member_id what office reason read_at"),
    Table(
        "threads.jsonl", "threads.Thread",
        "id forum_id author_id subject state listed moment last_moment last_author_id opening_id last_number reply_count"
        " recommendation_count view_count pinned locked_at lock_reason lock_office lock_officer publication",
        private="lock_by_id",
        words="subject publication", state="state", hidden_rows=Q(state="pending"),
    ),
    Table(
        "posts.jsonl", "threads.Post",
        "id thread_id forum_id author_id parent_id answered_id number depth place moment subject text format has_text state"
        " state_at state_office state_reason edit_count imported_edit_count edited_moment recommendation_count attachment_count",
        private="state_by_id waits_because key",
        words="subject text", state="state", hidden_rows=_UNKNOWN,
        beside=(("text", "text__source"), ("format", "text__format")),
    ),
    Table(
        "revisions.jsonl", "threads.Revision", "id post_id number moment subject article source withdrawn_at",
        words="subject article source", state="post__state", hidden_rows=_OF_UNKNOWN_POST,
    ),
    Table(
        "articles.jsonl", "threads.Article", "post_id link link_key publication byline published override_office override_reason",
        words="link link_key publication byline override_reason", state="post__state", hidden_rows=_OF_UNKNOWN_POST,
    ),
    Table(
        "recommendations.jsonl", "threads.Recommendation", "id post_id member_id thread_id is_opening moment",
        hidden_rows=_OF_UNKNOWN_POST,
    ),
    Table("anchors.jsonl", "threads.Anchor", "id thread_id place size", hidden_rows=Q(thread__state="pending")),
    Table(
        "old_addresses.jsonl", "threads.OldAddress", "id address thread_id post_id",
        hidden_rows=(Q(thread__isnull=False) & ~Q(thread__state="visible"))
        | (Q(post__isnull=False) & ~Q(post__state="visible")),  # an old address may hold the words of a subject
    ),
    Table(
        "featured.jsonl", "site.Featured", "id thread_id reason featured_at office", words="reason", state="thread__state",
        hidden_rows=Q(thread__state="pending"),
    ),
    Table(
        "attachments.jsonl", "threads.Attachment", "id post_id name size sha256 media_type note",
        hidden_rows=~Q(post__state="visible") | ~Q(post__thread__state="visible"),
    ),
    Table("editions.jsonl", "standards.Edition", "id number in_force charter is_to_be_told"),
    Table("standards.jsonl", "standards.Standard", "id number"),
    Table("wordings.jsonl", "standards.Wording", "id edition_id standard_id title text core"),
    Table(
        "host_seats.jsonl", "hosts.HostSeat", "id forum_id member_id offered_at appointed_at officer ends_at ended_at ending",
        private="offered_by_id offered_office reason", hidden_rows=Q(appointed_at=None),
    ),
    Table(
        "forum_blocks.jsonl", "hosts.ForumBlock", "id forum_id member_id blocked_at until reason office officer ended_at",
        private="by_id",
    ),
    Table(
        "legal_notices.jsonl", "legal.Notice",
        private="id secret_hash post_id where kind why name email made_at due_at decided_at removed answer",
    ),
    Table(
        "removals.jsonl", "legal.Removal",
        "id post_id office ground was removed_at countered_at due_at answered_at ended_at",
        private="notice_id facts subject source counter answer", hidden_rows=_OF_UNKNOWN_POST,
    ),
    Table("elections.jsonl", "standards.Election", "id seats begun_at stands_until ballot_at closes_at ended_at"),
    Table(
        "drafts.jsonl", "standards.Draft",
        "id author_id kind standard_id title text values reason base_id seat host_id forum_id election_id thread_id stage"
        " second_count seconds_needed made_at seconds_until ballot_at closes_at ended_at charter"
        " rolled_at voters roll_root yes nays abstentions ballots_root openings_hash outcome edition_id",
        private="key roll",
    ),
    Table("seconds.jsonl", "standards.Second", "id draft_id member_id moment"),
    Table(
        "ballots.jsonl", "standards.Ballot", "token draft_id index nonce choice commitment",
        hidden_rows=Q(draft__ballots_root=""),  # secret until they are opened together
    ),
    Table("intake_seats.jsonl", "hosts.IntakeSeat", private="id member_id appointed_at ended_at"),
    Table("revocations.jsonl", "hosts.Revocation", private="id member_id opened_at done_at undo_until swept_at undone_at"),
    Table("agreements.jsonl", "hosts.Agreement", private="id revocation_id member_id agreed_at reason sweeps"),
    Table("panel_seats.jsonl", "panel.PanelSeat", "id member_id draft_id begins_at ends_at officer ended_at ending"),
    Table(
        "reviews.jsonl", "panel.Review", "id member_id jury_id banned_at ban_reason text asked_at decided_at outcome",
        hidden_rows=Q(outcome=""),  # open ones are known to the panel and to whom they concern
    ),
    Table(
        "opinions.jsonl", "panel.Opinion", "id review_id member_id officer undoes reason given_at",
        hidden_rows=Q(review__outcome=""),
    ),
    Table("house_pages.jsonl", "site.HousePage", "id slug text changed_at"),
    Table(
        "ledger.jsonl", "ledger.OutboxEntry",
        "id kind office officer facts forum_id thread_id reason_hash people_hash told_at index",
        hidden_rows=Q(facts__has_any_keys=sorted(PEOPLE)),  # of before the log, until it is written there
    ),
    Table(
        "reasons.jsonl", "ledger.Reason", "entry_id salt text redacted_by_id", private="people people_salt",
        hidden_rows=Q(entry__facts__has_any_keys=sorted(PEOPLE)),
    ),
    Table("cosignatures.jsonl", "ledger.Cosignature", "id witness size signed_at note"),
    Table("ledger_head.jsonl", "ledger.Head", "id size root verifier"),
    Table("officers.jsonl", "ledger.Officer", private="id member_id office number"),
    Table("imported.jsonl", "exchange.Imported", private="id source kind source_id object_id"),
    Table("old_boards.jsonl", "exchange.OldBoard", private="id source software path"),
    Table("imported_extras.jsonl", "exchange.ImportedExtra", private="id source kind source_id payload"),
    Table("locked_out.jsonl", "threads.LockedOut", private="id thread_id member_id until"),
    Table("opted_out.jsonl", "juries.OptedOut", private="member_id"),
    Table("jury_blocks.jsonl", "juries.JuryBlock", private="id member_id blocked_id made_at ended_at"),
    Table("pools.jsonl", "juries.Pool", "id epoch made_at rule n root size entry_id destroyed_at"),
    Table(
        "cases.jsonl", "juries.Case",
        "id post_id revision forum_id author_id edition_id charter_id opened_at in_danger state standard_id closed_at"
        " hidden_by_office act_id",
        private="content salt", hidden_rows=_UNDECIDED_CASE,
    ),
    Table("alerts.jsonl", "juries.Alert", private="id case_id member_id standard_id text made_at agreed"),
    Table(
        "juries.jsonl", "juries.Jury",
        "id case_id kind pool_id seats needs asked_at appeal panel_at counted excluded_root opening_id source round"
        " randomness signature seed drawn_at start walked deadline decided_at hides lapsed standard_id tally verdict_id"
        " stirred_at",
        private="appellant_id excluded", hidden_rows=_UNDECIDED,
    ),
    Table(
        "seats.jsonl", "juries.Seat", "id jury_id position index token state salt taken_id refused_id",
        private="member_id summoned_at answered_at seated_at left_at settled_at", hidden_rows=_OF_UNDECIDED,
    ),
    Table(
        "votes.jsonl", "juries.Vote", "seat_id choice standard reason nonce commitment entry_id",
        private="cast_at", hidden_rows=_OF_NO_SEAT,
    ),
    Table("subscriptions.jsonl", "notifications.Subscription", private="id member_id thread_id forum_id level"),
    Table(
        "notifications.jsonl", "notifications.Notification",
        private="id member_id kind key post_id by_id address count moment seen_at mailing",
    ),
    Table("notification_choices.jsonl", "notifications.Choice", private="id member_id kind way"),
    Table("digests.jsonl", "notifications.Digest", private="member_id every sent_at"),
    Table("drafts_of_posts.jsonl", "threads.Unsent", private="id member_id path typed saved_at"),
    Table("visits.jsonl", "members.Visit", private="member_id day"),
    Table("reading_places.jsonl", "threads.ReadingPlace", private="id member_id thread_id seen pages"),
)  # fmt: skip

LEFT_OUT = {
    "threads.Text": "stands in posts.jsonl, as text and format",
    "threads.Fragment": "made anew from the text, so that no HTML is ever taken from a file",
    "threads.Views": "gathered views of the last hour, not yet counted onto their threads",
    "search.Entry": "made anew from the posts",
    "search.Gap": "what the index does not hold yet",
    "search.Built": "which normaliser made the index",
    "site.Letter": "mail on its way: what it holds may be a secret",
    "notifications.Due": "of what members are about to be told: a tick does it within seconds",
    "members.Session": "everybody signs in again",
    "base.Touch": "what stored pages must be made anew: a new house has none",
    "account.EmailConfirmation": "links on their way, for three days",
    "django_tasks_database.DBTaskResult": "slow work under way: only ever a hint",
    "auth.Permission": "made by every migration; nothing asks it",
    "auth.Group": "made by Django; nothing asks it",
    "auth.Group_permissions": "made by Django; nothing asks it",
    "contenttypes.ContentType": "made by every migration",
}
