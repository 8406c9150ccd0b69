"""Every page of the site, with a sample address: for the page laws, the browser and the fuzz."""

import io
from datetime import UTC, datetime
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.test import override_settings

from folkmoot.base.answers import YES
from folkmoot.base.time import DAY, now_moment
from folkmoot.forums import actions as forums
from folkmoot.forums.models import Forum
from folkmoot.hosts import actions as hosts
from folkmoot.hosts.models import Revocation
from folkmoot.juries import actions as juries
from folkmoot.juries.models import Case, Jury
from folkmoot.juries.tasks import sweep
from folkmoot.ledger import keys
from folkmoot.ledger.actions import drain, take_cosignature
from folkmoot.ledger.models import OutboxEntry
from folkmoot.ledger.queries import log
from folkmoot.legal import actions as legal
from folkmoot.legal.queries import removal_of
from folkmoot.members import actions as members
from folkmoot.members.models import Claim, Member
from folkmoot.notifications import actions as notifications
from folkmoot.notifications.letters import token
from folkmoot.notifications.tasks import tell_due
from folkmoot.panel import actions as panel
from folkmoot.panel.models import PanelSeat, Review
from folkmoot.standards import actions as standards
from folkmoot.standards import rolls
from folkmoot.standards.models import Draft, Election, Standard
from folkmoot.standards.rules import Kind
from folkmoot.threads import actions
from folkmoot.threads.addresses import thread_address
from folkmoot.threads.models import Post
from tests.cast import Village

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""Of a second factor, as an app knows it."""


class Page(NamedTuple):
    name: str
    address: str
    visitor: int = 200
    """What a visitor gets: 200, 302 (to signing in) or 403."""
    member: int = 200
    queries: tuple[int, int] = (8, 10)
    """At most so many SQL queries for a visitor and for an administrator."""


class Scene:
    """A small community in which every kind of page has something to show."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.opening = village.opening("The bridge is closed", "Until **Monday**, says [the city](https://city.example).")
        posts = [self.opening]
        for n in range(12):
            who = (village.bram, village.cleo, village.fern, village.ada)[n % 4]
            posts.append(village.reply(posts[-1] if n < 8 else posts[2], f"Answer number {n} ||with a spoiler||", by=who))
        self.reply = posts[1]
        actions.edit(self.reply, by=village.bram, subject="Changed", text="Changed my mind")
        actions.recommend(self.opening, by=village.bram)
        actions.recommend(self.reply, by=village.ada)
        actions.hide(posts[4], by=village.gus, reason="A street number.")
        actions.withdraw(posts[6], by=village.cleo)
        self.hidden, self.withdrawn = posts[4], posts[6]
        self.locked = village.thread("A locked one", by=village.bram)
        actions.lock(self.locked, by=village.gus, reason="Answered.")
        self.lock_act = OutboxEntry.objects.get(kind="ThreadLocked").pk
        self.pinned = village.thread("A pinned one")
        actions.pin(self.pinned, by=village.gus, reason="Read it.")
        self.waiting = village.reply(self.opening, "Look at https://new.example", by=village.dara)
        self.own = village.reply(self.opening, "The administrator speaks", by=village.gus)
        self.oldhand = members.move_in("old.hand", joined=datetime(2009, 5, 1, tzinfo=UTC), email="hand@old.example")
        self.claim_secret = members.begin_claim(self.oldhand)
        self.claim = Claim.objects.get()
        members.show_claim(self.claim, where="https://old.example/t/1")
        actions.attach(self.opening.pk, "A plan & more.png", io.BytesIO(b"\x89PNG\r\n\x1a\nplan"))
        actions.attach(self.reply.pk, "notes.txt", io.BytesIO(b"Some notes"))
        self.thread = Post.objects.select_related("thread").get(pk=self.opening.pk).thread
        self.news = village.news("Dam holds, county says", by=village.gus)
        self.judged, self.before_officers = self._cases()
        self.books = Forum.objects.select_related("category").get(slug="books")
        self.bram_seat = hosts.offer_seat(self.books, by=village.gus, member=village.bram, reason="Knows every shelf.")
        hosts.accept_seat(self.bram_seat, by=village.bram)
        self.offer = hosts.offer_seat(village.forum, by=village.gus, member=village.cleo, reason="Calm when others are not.")
        forums.keep_reason(self.books, by=village.gus, text="It is about no book.")
        self.ready = self.books.ready_reasons.get()
        self.watch = hosts.begin_watch(by=village.gus, kind="domain", pattern="casino.example", days=3, reason="Adverts.")
        self.revocation = self._closed()
        self.block = hosts.block(self.books, by=village.gus, member=village.fern, days=3, reason="Three adverts in an hour.")
        members.read_private(village.cleo, by=village.gus, reason="Two accounts write alike.")
        sale = village.opening("For sale", "Everything must go.", by=village.ada)
        self.removed, self.contested = (village.reply(sale, f"Ware number {n}", by=village.bram) for n in (1, 2))
        for post in (self.removed, self.contested):
            legal.remove(post, by=village.gus, ground="Weapons Act, section 2", facts="It offers a flick knife.")
        self.removal = removal_of(self.contested.pk)
        legal.counter(self.removal, by=village.bram, text="It is a butter knife.")
        said = {"kind": "fraud", "why": "It is not theirs.", "name": "", "email": ""}
        self.notice, self.notice_secret = legal.notify(where=f"/posts/{sale.pk}/", post=sale, **said)
        for member in (village.gus, village.fern):
            Authenticator.objects.create(user=member, type="totp", data={"secret": SECRET})
            Authenticator.objects.create(user=member, type="recovery_codes", data={"seed": "ab" * 40, "used_mask": 1})
        self.draft = standards.put_forward(
            Kind.WORDS,
            by=village.ada,
            reason="Shorter.",
            forum=village.forum,
            number=3,
            title="Argue well",
            text="Argue with posts.",
        )
        standards.second(self.draft, by=village.bram)
        lounge = Forum.objects.get(slug="lounge")
        self.recall = hosts.put_forward_recall(self.bram_seat, by=village.ada, reason="Locks what they dislike.", forum=lounge)
        self.ballot, self.decided = (self._at_the_ballot(name) for name in ("Be kind", "Be brief"))
        standards.vote(self.decided, by=village.bram, choice=1)
        standards.decide(self.decided.pk, now_moment() + 199 * DAY)
        self.election, self.candidate = self._elected()
        self.review, self.dropped = self._reviews()
        drain()
        notifications.follow_thread(self.thread, by=village.cleo, level="watch")
        notifications.follow_forum(self.books, by=village.cleo, level="first")
        notifications.choose(village.cleo, ways={"reply": "digest"}, every="weekly")
        actions.reply(self.opening, by=village.ada, subject="", text="@Cleo, look.")
        tell_due()
        actions.recommend(posts[1], by=village.fern)
        actions.keep_unsent(
            village.cleo, path=f"/posts/{self.opening.pk}/reply/", typed={"text": "Half a thought", "key": "half"}
        )
        witness, now = keys.new("witness.example"), datetime.now(UTC)
        with override_settings(WITNESSES=(witness.witness,)):
            take_cosignature(witness.cosign(log().note(), int(now.timestamp())), now=now)
        self.acts = list(OutboxEntry.objects.order_by("pk").values_list("pk", flat=True))

    def _cases(self) -> tuple[Case, Jury]:
        """A decided case, and one that waits: few can serve here, so that two officers decide."""
        village, standard = self.village, Standard.objects.get(number=3)
        now = datetime.now(UTC)
        juries.make_pool(now)
        drain()
        quarrel = village.opening("A quarrel", "Here it begins.", by=village.fern)
        bad = village.reply(quarrel, "A post to be judged", by=village.bram)
        case = juries.alert(bad, by=village.cleo, standard=standard, text="It attacks a person.")
        sweep(now)
        jury = Jury.objects.get(case=case)
        Member.objects.filter(pk=village.ada.pk).update(office=Member.Office.ADMINISTRATOR, office_since=datetime.now(UTC))
        for officer in (village.gus, village.ada):
            officer.refresh_from_db()
            juries.decide_as_officer(jury, by=officer, choice=0, standard=3, reason="It does.")
        juries.serve(village.dara, willing=False)
        juries.block(village.bram, by=village.cleo)
        Member.objects.filter(pk=village.ada.pk).update(office="")
        village.ada.refresh_from_db()
        case.refresh_from_db()
        other = juries.alert(
            village.reply(quarrel, "Another", by=village.fern), by=village.cleo, standard=standard, text="It too."
        )
        sweep(now)
        return case, Jury.objects.get(case=other)

    def _at_the_ballot(self, title: str) -> Draft:
        v = self.village
        draft = standards.put_forward(Kind.NEW, by=v.bram, reason="We need it.", forum=v.forum, title=title, text="To all.")
        Draft.objects.filter(pk=draft.pk).update(second_count=99)
        standards.close_roll(draft.pk, rolls.make([v.bram.pk, v.cleo.pk]), now_moment())
        standards.open_ballot(draft.pk, now_moment() + 99 * DAY)
        return Draft.objects.get(pk=draft.pk)

    def _elected(self) -> tuple[Election, Draft]:
        """Cleo sits on the review panel; in another election Fern stands, and it is at the ballot."""
        v, now = self.village, now_moment()
        for member in (v.cleo, v.fern):
            election = standards.begin_election(1, now)
            draft = standards.stand(election, by=member, reason="I am fair.", forum=v.forum, may=YES)
            Draft.objects.filter(pk=draft.pk).update(second_count=99)
            standards.close_standing(election.pk, {draft.pk: rolls.make([v.bram.pk, v.cleo.pk])}, election.stands_until)
            standards.open_election(election.pk, now + 99 * DAY)
            if member == v.cleo:
                standards.vote_in_election(election, by=v.bram, choices={draft.pk: 1})
                standards.decide_election(election.pk, now + 199 * DAY)
                PanelSeat.objects.update(begins_at=now)
                panel.take_seat(PanelSeat.objects.get(), now)
        return Election.objects.get(pk=election.pk), Draft.objects.get(pk=draft.pk)

    def _reviews(self) -> tuple[Review, Review]:
        """One that the panel has to decide, and one that is over."""
        v = self.village
        open_one = panel.ask(by=v.eli, text="It was twice.")
        other = members.join(name="Rash", password=None)
        members.ban(other, by=v.gus, reason="Too rash.")
        over = panel.ask(by=other, text="I thought it over.")
        panel.judge(over, by=v.cleo, undoes=True, reason="It was late at night.")
        members.unban(other, by=v.gus, reason="They thought it over.")
        return open_one, over

    def _closed(self) -> Revocation:
        """An account that the intake team closed, with its one post."""
        team = (self.village.ada, self.village.bram, self.village.gus)
        for member in team:
            hosts.appoint_intake(by=self.village.gus, member=member, reason="Awake at night.")
        pills = members.join(name="Pills", password=None)
        actions.reply(self.opening, by=pills, subject="Cheap", text="Pills")
        for member in team:
            hosts.back_revocation(pills, by=Member.objects.get(pk=member.pk), reason="Sells pills.", sweeps=True)
        return Revocation.objects.get()

    def pages(self) -> list[Page]:
        thread, reply, own = self.thread, self.reply, self.own
        at = thread_address(thread.pk, thread.subject)
        link = members.link_for(self.village.cleo).split("/", 3)[3]
        return [
            Page("site:home", "/", queries=(8, 11)),
            Page("site:forums", "/forums/", queries=(3, 4)),
            Page("site:category", "/categories/issues/", queries=(3, 4)),
            Page("site:about_forum", "/forums/general-discussion/about/", queries=(8, 9)),
            Page("site:about_forum", "/forums/breaking-news/about/", queries=(8, 9)),
            Page("site:about_forum", "/forums/books/about/", queries=(8, 9)),
            Page("site:posting_rules", "/forums/breaking-news/rules/", 403, 403),
            Page("site:profile", "/members/Bram/", queries=(6, 7)),
            Page("standards:standards", "/standards/"),
            Page("standards:charter", "/standards/charter/"),
            Page("juries:juries", "/juries/"),
            Page("juries:figures", "/juries/figures/", queries=(30, 31)),
            Page("juries:case", f"/juries/{self.judged.pk}/"),
            Page("juries:alert", f"/posts/{self.opening.pk}/alert/"),
            Page("juries:send", f"/ledger/{self.lock_act}/jury/", 302, 404),
            Page("juries:mine", "/juries/mine/", 302, queries=(1, 13)),
            Page("juries:serve", f"/juries/serve/{self.before_officers.pk}/", 302, 404),
            Page("juries:appeal", f"/juries/{self.judged.pk}/appeal/", 302, 403),
            Page("standards:drafts", "/standards/drafts/", queries=(5, 6)),
            Page("standards:drafts", "/standards/drafts/?before=9", queries=(5, 6)),
            *(
                Page("standards:draft", f"/standards/drafts/{d.pk}/", queries=(5, 8))
                for d in (self.draft, self.ballot, self.decided)
            ),
            Page("standards:new_draft", "/standards/drafts/new/", queries=(5, 8)),
            *(
                Page("standards:new_draft", f"/standards/drafts/new/?kind={asked}", queries=(6, 9))
                for asked in ("new", "words&standard=3", "words&standard=1", "removal&standard=3", "numbers")
            ),
            Page("standards:draft", f"/standards/drafts/{self.recall.pk}/", queries=(4, 7)),
            Page("standards:draft", f"/standards/drafts/{self.candidate.pk}/", queries=(4, 7)),
            Page("standards:election", f"/standards/elections/{self.election.pk}/", queries=(4, 8)),
            Page("standards:election", f"/standards/elections/{self.election.pk - 1}/", queries=(4, 8)),
            Page("standards:receipts", f"/standards/elections/{self.election.pk}/receipts/", 302),
            Page("panel:panel", "/panel/", queries=(6, 8)),
            Page("panel:stand", f"/panel/stand/{self.election.pk}/", 302),
            Page("panel:ask", "/panel/review/", 302),
            Page("panel:review", f"/panel/reviews/{self.review.pk}/", 404, 404),
            Page("panel:review", f"/panel/reviews/{self.dropped.pk}/"),
            Page("standards:receipt", f"/standards/drafts/{self.ballot.pk}/receipt/", 302),
            Page("standards:receipt", f"/standards/drafts/{self.decided.pk}/receipt/", 302),
            Page("site:ledger", "/ledger/", queries=(5, 6)),
            Page("site:ledger", "/ledger/?office=administrator&forum=general-discussion", queries=(5, 6)),
            Page("site:ledger", "/ledger/?kind=ThreadLocked&month=2019-01", queries=(6, 7)),
            Page("site:act", f"/ledger/{self.acts[0]}/", queries=(5, 6)),
            Page("site:act", f"/ledger/{self.acts[-1]}/", queries=(5, 6)),
            Page("site:redact", f"/ledger/{self.acts[0]}/redact/", 403, 403),
            Page("site:star", "/star/", queries=(1, 2)),
            Page("site:help", "/help/", queries=(1, 2)),
            Page("site:patterns", "/site/patterns/", queries=(1, 2)),
            *(Page("site:house_page", f"/{slug}/", queries=(2, 3)) for slug in ("terms", "privacy", "contact")),
            Page("site:change_house_page", "/site/pages/terms/", 403, 403),
            Page("site:office", "/site/office/", 403, 403),
            Page("site:shelves", "/site/shelves/", 403, 403),
            Page("site:members", "/site/members/", 403, 403),
            Page("site:members", "/site/members/?name=e", 403, 403),
            Page("site:seek_by_mail", "/site/members/mail/", 403, 403),
            Page("site:seek_by_network", "/site/members/network/", 403, 403),
            Page("site:private", "/members/Cleo/private/", 403, 403),
            Page("site:open_category", "/site/shelves/category/", 403, 403),
            Page("site:change_category", "/site/categories/issues/", 403, 403),
            Page("site:open_forum", "/site/shelves/forum/", 403, 403),
            Page("site:change_forum", "/site/forums/general-discussion/", 403, 403),
            Page("site:community", "/site/community/", 403, 403),
            Page("site:load_level", "/site/load/", 403, 403),
            *(Page(f"site:{v}", f"/members/Bram/{v}/", 403, 403) for v in ("ban", "link", "give-star")),
            Page("site:unban", "/members/Eli/unban/", 403, 403),
            Page("site:second-step", "/members/Fern/second-step/", 403, 403),
            Page("site:end-star", "/members/Fern/end-star/", 403, 403),
            *(Page(f"site:{v}", f"/threads/{thread.pk}/{v}/", 403, 403) for v in ("feature", "unfeature")),
            Page("members:begin_claim", "/members/old.hand/claim/"),
            Page("members:claim", f"/account/claims/{self.claim_secret}/"),
            Page("site:claims", "/site/claims/", 403, 403),
            *(Page(f"site:{v}_claim", f"/site/claims/{self.claim.pk}/{v}/", 403, 403) for v in ("confirm", "refuse")),
            Page("search:search", "/search/", queries=(3, 5)),
            Page("search:search", "/search/?q=answer", queries=(5, 7)),
            Page("search:search", "/search/?q=answer&order=best&author=Bram", queries=(6, 8)),
            Page("search:search", "/search/?q=%22unfinished&after=yesterday&author=Nobody", queries=(5, 7)),
            Page("threads:latest", "/latest/", queries=(2, 4)),
            Page("threads:greatest", "/greatest/", queries=(3, 5)),
            Page("threads:greatest", "/greatest/?period=all", queries=(3, 5)),
            Page("threads:forum", "/forums/general-discussion/", queries=(4, 6)),
            Page("threads:forum", "/forums/books/", queries=(4, 6)),
            Page("threads:thread", at, queries=(5, 8)),
            Page("threads:thread", f"{at}?view=flat", queries=(5, 8)),
            Page("threads:thread", f"{at}?view=opening&highlight=5", queries=(5, 8)),
            Page("threads:thread", thread_address(self.locked.pk, "A locked one"), queries=(5, 8)),
            Page("threads:thread", thread_address(self.news.thread_id, self.news.subject), queries=(5, 8)),
            Page("threads:index", f"/threads/{thread.pk}/index/", queries=(5, 6)),
            Page("threads:history", f"/posts/{reply.pk}/history/", queries=(5, 6)),
            Page("threads:history", f"/posts/{self.withdrawn.pk}/history/", queries=(5, 6)),
            Page("threads:recommendations", f"/posts/{reply.pk}/recommendations/", queries=(4, 5)),
            Page("threads:alone", f"/posts/{reply.pk}/alone/", queries=(5, 6)),
            Page("threads:alone", f"/posts/{self.opening.pk}/alone/", queries=(5, 6)),
            Page("threads:alone", f"/posts/{self.hidden.pk}/alone/", queries=(5, 6)),
            Page("threads:start", "/forums/general-discussion/new/", queries=(2, 4)),
            Page("threads:start", "/forums/breaking-news/new/", queries=(2, 4)),
            Page("threads:forum", "/forums/breaking-news/", queries=(4, 6)),
            Page("threads:reply", f"/posts/{reply.pk}/reply/", queries=(5, 8)),
            Page("threads:edit", f"/posts/{own.pk}/edit/", queries=(5, 8)),
            Page("threads:edit", f"/posts/{self.news.pk}/edit/", queries=(5, 8)),
            Page("threads:delete", f"/posts/{own.pk}/delete/", 403, 403),
            Page("threads:mine", "/mine/", 302, queries=(1, 4)),
            Page("threads:mine", "/mine/?show=threads", 302, queries=(1, 5)),
            Page("threads:mine", "/mine/?show=posts", 302, queries=(1, 4)),
            Page("threads:waiting", "/waiting/", 403, 403),
            Page("threads:hide", f"/posts/{reply.pk}/hide/", 403, 403),
            Page("threads:restore", f"/posts/{self.hidden.pk}/restore/", 403, 403),
            Page("threads:lock", f"/threads/{thread.pk}/lock/", 403, 403),
            Page("threads:unlock", f"/threads/{self.locked.pk}/unlock/", 403, 403),
            Page("threads:pin", f"/threads/{thread.pk}/pin/", 403, 403),
            Page("threads:unpin", f"/threads/{self.pinned.pk}/unpin/", 403, 403),
            Page("threads:move", f"/threads/{thread.pk}/move/", 403, 403),
            Page("hosts:offer", "/forums/books/hosts/offer/", 403, 403),
            Page("hosts:block", "/forums/books/block/", 403, 403),
            Page("hosts:desk", "/forums/books/desk/", 404, 404, queries=(8, 14)),
            Page("hosts:desk", "/forums/general-discussion/desk/", 404, 404, queries=(8, 14)),
            Page("hosts:intake", "/intake/", 404, 200),
            Page("hosts:team", "/site/intake-team/", 403, 403),
            Page("hosts:dismiss", "/members/Bram/dismiss/", 403, 403),
            Page("hosts:revoke", "/members/Dara/revoke/", 403, 200),
            Page("hosts:undo", f"/intake/{self.revocation.pk}/undo/", 403, 200),
            Page("hosts:watches", "/site/watches/", 403, 403),
            Page("hosts:end_watch", f"/site/watches/{self.watch.pk}/end/", 403, 403),
            Page("hosts:night_watch", "/site/night-watch/", 403, 403),
            Page("hosts:lift", f"/hosts/blocks/{self.block.pk}/lift/", 403, 403),
            Page("hosts:remove", f"/hosts/seats/{self.bram_seat.pk}/remove/", 403, 403),
            Page("hosts:recall", f"/hosts/seats/{self.bram_seat.pk}/recall/"),
            Page("hosts:seat", f"/hosts/seats/{self.offer.pk}/", 302, 404),
            Page("account_signup", "/join/", member=302),
            Page("account_login", "/sign-in/", member=302),
            Page("account_logout", "/sign-out/", visitor=302),
            Page("account_inactive", "/account/closed/"),
            Page("account_reauthenticate", "/account/again/", visitor=302),
            Page("mfa_authenticate", "/sign-in/code/", 302, 302),
            Page("mfa_reauthenticate", "/account/again/code/", 302, 302),
            Page("mfa_index", "/account/second-step/", 302),
            Page("mfa_activate_totp", "/account/second-step/on/", 302),
            Page("mfa_deactivate_totp", "/account/second-step/off/", 302, 404),
            Page("mfa_view_recovery_codes", "/account/second-step/codes/", 302, 404),
            Page("mfa_generate_recovery_codes", "/account/second-step/codes/new/", 302),
            Page("legal:legal", "/legal/", queries=(1, 2)),
            Page("legal:notice", f"/legal/notice/?where=/posts/{reply.pk}/"),
            Page("legal:told", f"/legal/notices/{self.notice_secret}/"),
            Page("legal:removed", f"/posts/{self.removed.pk}/removed/"),
            Page("legal:removed", f"/posts/{self.contested.pk}/removed/"),
            Page("legal:remove", f"/posts/{reply.pk}/remove/", 403, 403),
            Page("legal:notices", "/site/notices/", 403, 403),
            Page("legal:decide", f"/site/notices/{self.notice.pk}/", 403, 403),
            Page("legal:answer", f"/site/counters/{self.removal.pk}/", 403, 403),
            Page("notifications:notifications", "/notifications/", 302),
            Page("notifications:choices", "/notifications/choices/", 302),
            Page("notifications:followed", "/notifications/followed/", 302),
            Page("notifications:follow_thread", f"/threads/{thread.pk}/follow/", 302),
            Page("notifications:follow_forum", "/forums/general-discussion/follow/", 302),
            Page("notifications:stop", f"/notifications/stop/{token(self.village.ada.pk, 'reply')}/"),
            Page("threads:drafts", "/mine/drafts/", 302),
            Page("account_email", "/account/mail/", visitor=302),
            Page("account_email_verification_sent", "/account/mail/sent/"),
            Page("account_confirm_email", "/account/mail/no-such-key/"),
            Page("account_change_password", "/account/password/", visitor=302),
            Page("account_set_password", "/account/password/set/", visitor=302, member=302),
            Page("account_reset_password", "/account/forgotten/"),
            Page("account_reset_password_done", "/account/forgotten/sent/"),
            Page("account_reset_password_from_key", "/account/forgotten/1-abc-def/"),
            Page("account_reset_password_from_key_done", "/account/forgotten/done/"),
            Page("members:account", "/account/", visitor=302),
            Page("members:one_time", f"/{link}"),
        ]
