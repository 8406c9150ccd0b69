"""How posts look: format strings, filled with what differs from post to post and from reader to reader.

The hot path: a hundred of these on a page, so no template engine runs for each. A post's stored body goes in as it is
(base.markup cleaned it); every other word of people's is escaped here, once, and nowhere before
(docs/decisions/posts-by-format-strings.md; tests/test_fragments.py asks).
"""

import json
from functools import lru_cache

from markupsafe import Markup, escape

from folkmoot.base import time
from folkmoot.members.addresses import member_address
from folkmoot.threads.addresses import attachment_address
from folkmoot.threads.queries.posts import SHOWN, Posts
from folkmoot.threads.rules import size_text

_GONE = {
    "withdrawn": "Deleted by its author",
    "hidden_by_verdict": "Hidden by a jury",
    "hidden_by_office": "Hidden by an administrator",
    "removed": "Removed on legal grounds",
}


def in_full(
    posts: Posts, *, locked: bool = False, form: str = "", acts: bool = False, title: str = "", article: str = ""
) -> Markup:
    """The posts with their texts. `form` is the CSRF field of a member's forms; `acts`: the reader may hide; `title` is an
    opening post's, and `article` the box above its text."""
    reader, new_after, targets = posts.reader, posts.new_after, posts.targets
    visitor, me, zone, now = reader.member is None, reader.member_id, reader.zone, reader.now
    form, found = str(form), []
    for (
        id_, number, depth, subject, has_text, state, reason, moment, edits, edited, recs, author_id, author, count, star, office,
        to_id, body, _, files, names, recommended,
    ) in posts.rows:  # fmt: skip
        full, short, iso = time.written(moment // time.MINUTE, zone)
        name, by = _by(author, count, star, office, visitor)
        to, where, to_where = targets[to_id]
        mark = depth if depth <= 6 else "more"
        if state not in SHOWN:
            found.append(_stub(id_, number, mark, state, reason, name, full, iso, to, to_where, acts, title))
            continue
        address, n, mine = f"/posts/{id_}/", str(number), author_id == me
        text, no_text = (f'<div class="post__body prose">{body}</div>', "") if has_text else ("", _NO_TEXT)
        new = unread = tag = items = given = theirs = counted = ""
        if new_after is not None and number > new_after and not mine:
            new, unread, tag = _NEW
        if files:
            text += _files(files)
        if edited:
            text += (
                f'<p class="post__edited">Last edited {time.full(edited, zone)} &#183; <a tabindex="-1" href="{address}history/">'
            )
            text += f"Edit history ({edits})</a></p>"
        if edits:
            items = f'<li><a href="{address}history/">Edit history ({edits})</a></li>'
        if recs:
            given, counted = _recommended(address, recs, names)
        if visitor:
            when = f">{full}"
            does = "" if locked else f'<a href="{address}reply/" tabindex="-1">Reply</a> '
        else:
            does = "" if locked else f'<a href="{address}reply/">Reply<span class="visually-hidden"> to #{n}</span></a> '
            if mine:
                items += f'<li><a href="{address}edit/">Edit</a></li><li><a href="{address}delete/">Delete</a></li>'
            else:
                items += f'<li><a href="{address}alert/">Alert</a></li>'
                does += (
                    f'<form action="{address}recommend/" method="post" hx-boost="true" hx-target="closest article"'
                    f' hx-swap="outerHTML" hx-push-url="false">{form}<button id="rec{id_}"{_RECOMMEND[recommended is not None]}'
                    f'<span class="visually-hidden"> #{n}</span></button></form> '
                )
            if acts:
                items += f'<li><a href="{address}hide/">Hide</a></li>'
            theirs = f'<li><a href="{member_address(author)}">{name}&#8217;s page</a></li>'
            if now is None or now - moment < time.YEAR:  # older than a year, it is the month
                short = time.short(moment, zone, now)
            when = f' title="{full}">{short if number else full}'
        if number:
            begins = (
                f'<article class="post" id="p{n}" data-depth="{mark}"{new}><header class="post__head">'
                f'<h3 class="post__subject"><span class="visually-hidden">#{n} </span>{_escaped(subject)}'
                f'<span class="visually-hidden">, {name}, reply to {where}{unread}</span>{no_text}{tag}</h3>'
                f'<a class="post__number" tabindex="-1" href="{address}" aria-hidden="true">#{n}</a>{by}<time datetime="{iso}"'
                f'{when}</time> <span class="post__to">Response to <a tabindex="-1" href="/posts/{to_id}/">{_escaped(to)}'
                f" ({to_where})</a></span></p></header>"
            )
            up = f'<li><a href="/posts/{to_id}/">Up to {where}</a></li>'
        else:
            begins, up = _opening(title, no_text, f'{by}<time datetime="{iso}"{when}</time></p></header>{article}'), ""
        found.append(
            f'{begins}{text}<footer class="actions">{does}'
            f'<details class="more"><summary>More<span class="visually-hidden"> on #{n}</span></summary>'
            f'<ul class="more__list list">{theirs}<li><a href="{address}">Link to this post</a></li>'
            f'<li><a href="{address}alone/">Alone</a></li>{up}{items}{given}</ul></details>{counted}</footer></article>\n'
        )
    return Markup("".join(found))


def _opening(title: str, no_text: str, rest: str) -> str:
    """How an opening post begins: the thread's title is its own."""
    return f'<article class="post post--opening" id="p0" data-depth="0"><header><h1>{escape(title)}{no_text}</h1>{rest}'


_NO_TEXT = ' <span class="tag">n/t</span>'
_NEW = (" data-new", ", unread", ' <span class="tag tag--new" aria-hidden="true">new</span>')
_RECOMMEND = {True: ' name="undo" value="1" aria-pressed="true">Recommended', False: ">Recommend"}


def index(posts: Posts, *, permalinks: bool = False) -> Markup:
    """The tree by subjects. Rows come flat in the order of the tree; at most six lists are nested, deeper rows become
    siblings that say whom they answer. A later page may begin deep: the missing levels are empty."""
    reader, new_after, targets = posts.reader, posts.new_after, posts.targets
    me, zone, now = reader.member_id, reader.zone, reader.now
    found: list[str] = ['<nav class="tree mt-2" aria-label="Index of replies">']
    level = 0
    for (
        id_, number, depth, subject, has_text, state, _, moment, _, _, _, author_id, author, _, _, _, to_id, _, _, _, _, _,
    ) in posts.rows:  # fmt: skip
        full, short, iso = time.written(moment // time.MINUTE, zone)
        if now is not None and now - moment < time.YEAR:
            short = time.short(moment, zone, now)
        deep = depth if depth < 6 else 6
        if deep > level:
            step = '<ol class="tree__gap"><li>' * (deep - level - 1) + "<ol>"
        else:
            step = "</li>" + "</ol></li>" * (level - deep)
        level = deep
        mark, tag, n = "", "", str(number)
        if state in SHOWN:
            says = _escaped(subject) if has_text else _escaped(subject) + " n/t"
        else:
            says, mark = _GONE[state], " data-gone"
        if new_after is not None and number > new_after and author_id != me:
            mark, tag = " data-new", ' <span class="tag tag--new">new</span>'
        to = ""
        if depth > 3:
            to = f'<span class="tree__to{" tree__to--deep" if depth > 6 else ""}">, answers {targets[to_id][1]}</span>'
        found.append(
            f'{step}<li{mark}><div class="tree__row"><a href="{f"/posts/{id_}/" if permalinks else "#p" + n}">'
            f'<span class="num">{n} </span>{says}{tag}</a><span class="tree__by"> {_escaped(author)}, <time datetime="{iso}"'
            f' title="{full}">{short}</time>{to}</span></div>'
        )
    found.append("</li>" + "</ol></li>" * (level - 1) + "</ol></nav>" if level else "</nav>")
    return Markup("".join(found))


@lru_cache(maxsize=8192)
def _escaped(words: str) -> str:
    """Names and subjects, which come again and again. A plain string: what it is put into is no Markup yet."""
    return str(escape(words))


@lru_cache(maxsize=8192)
def _by(author: str, count: int, star: bool, office: str, visitor: bool) -> tuple[str, str]:
    """An author's name escaped, and the line that begins with it."""
    name, skipped = str(escape(author)), "" if visitor else ' tabindex="-1"'
    marks = _STAR if star else ""
    if office:
        marks += f' <span class="tag">{escape(office)}</span>'
    return name, (
        f'<p class="post__by"><span><a class="member" href="{member_address(author)}"{skipped}>{name}</a>{marks}'
        f' <span class="post__count">({count:,} posts)</span></span> '
    )


_STAR = (
    ' <span class="star" aria-hidden="true" title="Star member">&#9733;</span><span class="visually-hidden"> Star member</span>'
)


def _stub(
    id_: int, number: int, mark: int | str, state: str, reason: str, name: str, full: str, iso: str, to: str, to_where: str,
    acts: bool, title: str,
) -> str:  # fmt: skip
    """What stands in the place of a post whose words are not shown."""
    address, gone = f"/posts/{id_}/", _GONE[state]
    if number:
        begins = f'<article class="post post--gone" id="p{number}" data-depth="{mark}"><div class="stub">'
        head = (
            f'<h3 class="stub__head"><span><span class="visually-hidden">#{number} </span>{gone}</span>'
            f' <a class="post__number" tabindex="-1" href="{address}">#{number}</a></h3>'
        )
        to_post = f" &#183; Response to {escape(to)} ({to_where})"
    else:
        begins = f'<article class="post post--gone post--opening" id="p0" data-depth="{mark}"><h1>{escape(title)}</h1>'
        begins, head, to_post = begins + '<div class="stub mt-4">', f'<p class="stub__head">{gone}</p>', ""
    why = ""
    if reason and state != "withdrawn":
        why = f"<p>{escape(reason)}</p>"
        if state == "hidden_by_verdict":
            why += f'<p class="stub__links"><a href="{address}case/">How that was decided</a></p>'
        elif state == "removed":
            why += f'<p class="stub__links"><a href="{address}removed/">Why, and what its author can do</a></p>'
        elif acts:
            why += f'<p class="stub__links"><a href="{address}restore/">Let it be seen</a></p>'
    by = f'<p class="post__by">{name} &#183; <time datetime="{iso}">{full}</time>{to_post}</p>'
    return f"{begins}{head}{by}{why}</div></article>\n"


def _files(told: str) -> str:
    """The attachments, which come as JSON."""
    items = [
        f'<li><a href="{attachment_address(pk, name)}"><bdi>{escape(name)}</bdi></a> {size_text(size)}</li>'
        for pk, name, size in json.loads(told)
    ]
    return f'<ul class="post__files list" aria-label="Attachments">{"".join(items)}</ul>'


@lru_cache(maxsize=8192)
def _names(told: str) -> tuple[int, str]:
    names = json.loads(told or "[]")
    return len(names), ", ".join(escape(name) for name in names)


def _recommended(address: str, recs: int, told: str) -> tuple[str, str]:
    """By whom (the first of them, who come as JSON), and how often."""
    count, names = _names(told)
    more, link = recs - count, f'href="{address}recommendations/"'
    others = f" and <a {link}>{more} more</a>" if more > 0 else ""
    return (
        f'<li class="more__names">Recommended by {names}{others}</li>',
        f'<a class="recs" tabindex="-1" {link}>{recs} rec<span class="recs__long">ommendation</span>{"s" * (recs > 1)}</a>',
    )
