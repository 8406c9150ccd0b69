"""The addresses of threads and posts: a contract, see docs/rooms/threads.md."""

from django.urls import path

from folkmoot.threads import actions, rules
from folkmoot.threads.forms import MoveForm
from folkmoot.threads.views import feeds, files, live, read, unsent, write

app_name = "threads"

_post_acts = [
    path(f"posts/<int:post_id>/{verb}/", write.act_on_post, {"act": act, "rule": rule, "heading": heading}, name=verb)
    for verb, act, rule, heading in (
        ("hide", actions.hide, rules.may_hide, "Hide this post"),
        ("restore", actions.restore, rules.may_restore, "Let this post be seen"),
    )
]
_thread_acts = [
    path(f"threads/<int:thread_id>/{verb}/", write.act_on_thread, {"act": act, "rule": rule, "heading": heading}, name=verb)
    for verb, act, rule, heading in (
        ("lock", actions.lock, rules.may_lock, "Lock this thread"),
        ("unlock", actions.unlock, rules.may_unlock, "Unlock this thread"),
        ("pin", actions.pin, rules.may_pin, "Pin this thread"),
        ("unpin", actions.unpin, rules.may_unpin, "Unpin this thread"),
    )
] + [
    path(
        "threads/<int:thread_id>/move/",
        write.act_on_thread,
        {"act": actions.move, "rule": rules.may_move, "heading": "Move this thread", "form": MoveForm},
        name="move",
    )
]
_feeds = [
    path(f"{place}.{kind}", view, {"kind": kind}, name=f"{view.__name__}_{kind}")
    for kind in ("atom", "json")
    for place, view in (
        ("latest", feeds.latest),
        ("forums/<slug:slug>/feed", feeds.forum),
        ("threads/<int:thread_id>/feed", feeds.thread),
        ("members/<str:name>/feed", feeds.member),
    )
]

urlpatterns = [
    path("threads/<int:thread_id>/index/", read.index, name="index"),
    path("threads/<int:thread_id>/keep/", read.keep, name="keep"),
    path("threads/<int:thread_id>/last/", read.last, name="last"),
    path("threads/<int:thread_id>/unread/", read.unread, name="unread"),
    *_thread_acts,
    path("threads/<int:thread_id>/", read.thread, name="thread_by_id"),
    path("threads/<int:thread_id>/<slug:slug>/", read.thread, name="thread"),
    path("latest/", read.latest, name="latest"),
    path("live/latest/", live.latest, name="live_latest"),
    path("live/forums/<slug:slug>/", live.forum, name="live_forum"),
    path("live/threads/<int:thread_id>/", live.thread, name="live_thread"),
    path("greatest/", read.greatest, name="greatest"),
    path("mine/", read.mine, name="mine"),
    path("mine/drafts/", unsent.drafts, name="drafts"),
    path("mine/drafts/keep/", unsent.keep_draft, name="keep_draft"),
    path("mine/drafts/drop/", unsent.drop_draft, name="drop_draft"),
    path("waiting/", read.waiting, name="waiting"),
    path("preview/", write.preview, name="preview"),
    path("forums/<slug:slug>/", read.forum, name="forum"),
    path("forums/<slug:slug>/new/", write.start, name="start"),
    path("posts/<int:post_id>/", read.post, name="post"),
    path("latest/read/", read.mark_read, name="mark_all_read"),
    path("forums/<slug:slug>/read/", read.mark_read, name="mark_forum_read"),
    path("posts/<int:post_id>/alone/", read.alone, name="alone"),
    path("posts/<int:post_id>/history/", read.history, name="history"),
    path("posts/<int:post_id>/history/<int:revision_id>/withdraw/", write.withdraw_revision, name="withdraw_revision"),
    path("posts/<int:post_id>/recommendations/", read.recommendations, name="recommendations"),
    path("posts/<int:post_id>/reply/", write.reply, name="reply"),
    path("posts/<int:post_id>/edit/", write.edit, name="edit"),
    path("posts/<int:post_id>/delete/", write.delete, name="delete"),
    path("posts/<int:post_id>/recommend/", write.recommend, name="recommend"),
    path("attachments/<int:attachment_id>/", files.attachment, name="attachment_by_id"),
    path("attachments/<int:attachment_id>/<str:name>", files.attachment, name="attachment"),
    *_post_acts,
    *_feeds,
]
