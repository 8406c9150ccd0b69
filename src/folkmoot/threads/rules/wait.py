"""Why a post waits until somebody has looked at it. Pure. Its author is always told: nothing is hidden in secret."""

import re
import unicodedata
from collections.abc import Sequence

from folkmoot.members.rules import office_in
from folkmoot.threads.rules.may import NEWCOMER_POSTS, Poster

WAITS = {
    "link": "it has a link, you are new here, and a newcomer’s links wait",
    "newcomer": "you are new here, and in this forum the first posts of a newcomer wait",
    "night": "a night watch is kept, and until it ends newcomers’ posts wait",
    "watch": "it holds something that administrators watch for at present, or comes from a network that they watch",
}
"""As the end of a sentence: your post waits because …"""

Watches = Sequence[tuple[str, str]]
"""What is watched for: kind (`words`, `domain`, `network`; `night` is the night watch) and what exactly."""


def is_newcomer(member: Poster) -> bool:
    return member.post_count + member.imported_post_count < NEWCOMER_POSTS


def why_wait(
    member: Poster,
    forum_id: int,
    *,
    has_link: bool,
    forum_holds: bool,
    watches: Watches,
    words: str,
    hosts: Sequence[str],
    network: str,
) -> str:
    """The reason as a key of `WAITS`; empty when the post is seen at once. Nobody's who keeps the forum ever waits."""
    if office_in(member, forum_id):
        return ""
    if is_watched(watches, words=words, hosts=hosts, network=network):
        return "watch"
    if not is_newcomer(member):
        return ""
    if ("night", "") in watches:
        return "night"
    return "newcomer" if forum_holds else "link" if has_link else ""


def is_watched(watches: Watches, *, words: str, hosts: Sequence[str], network: str) -> bool:
    said, found = plain(words), [host.lower() for host in hosts]
    return any(
        (kind == "words" and f" {plain(what)} " in f" {said} ")
        or (kind == "domain" and any(host == what or host.endswith(f".{what}") for host in found))
        or (kind == "network" and what == network)
        for kind, what in watches
    )


def plain(words: str) -> str:
    """Words alone, in one case, a space between two: so that signs and line ends hide nothing."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", words).casefold()))
