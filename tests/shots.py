"""`make shots`: pictures of the real pages of the demo, in Chromium, at 360 and 1280 pixels, light and dark.

All of them go to build/shots/, a few chosen ones, made small, to docs/pictures/.
"""

import re
import struct
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.sites import CHROMIUM, Site

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "build" / "shots"
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000

THREAD = ("/forums/environment/", "The gauge at Mill Street is off by four inches")
PAGES = {
    None: {
        "home": "/", "latest": "/latest/", "greatest": "/greatest/?period=all", "forums": "/forums/",
        "category": "/categories/issues/", "forum": "/forums/general-discussion/", "about": "/forums/general-discussion/about/",
        "profile": "/members/Ada/", "banned": "/members/Eli/", "star": "/star/", "help": "/help/", "ledger": "/ledger/", "act": "/ledger/5/", "patterns": "/site/patterns/",
        "join": "/join/", "sign-in": "/sign-in/", "forgotten": "/account/forgotten/", "not-found": "/nothing-here/",
    },
    "Ada": {
        "member-home": "/", "mine": "/mine/", "new": "/forums/general-discussion/new/", "account": "/account/",
        "password": "/account/password/",
    },
    "Gus": {"waiting": "/waiting/", "community": "/site/community/", "ban": "/members/Ada/ban/", "claims": "/site/claims/"},
}  # fmt: skip
CHOSEN = {("thread", 1280, "light"): "thread.png", ("thread", 360, "dark"): "phone.png", ("home", 1280, "light"): "home.png"}
"""Name, width and theme of the pictures that the papers show; each is one window high."""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="folkmoot-shots-") as folder, sync_playwright() as playwright:
        site = Site(Path(folder) / "data")
        site.folkmoot("demo")
        site.serve()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            for who, pages in PAGES.items():
                page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
                if who:
                    page.goto(f"{site.base}/sign-in/")
                    page.click(f"button[value={who}]")
                _shoot(page, site.base, _with_thread(page, site.base, who, pages))
        finally:
            browser.close()
            site.stop()
    print(
        f"{len(list(SHOTS.rglob('*.png')))} pictures in {SHOTS.relative_to(ROOT)}, {len(CHOSEN)} of them in {PICTURES.relative_to(ROOT)}"
    )
    return 0


def _with_thread(page: Page, base: str, who: str | None, pages: dict[str, str]) -> dict[str, str]:
    """The pages and, of the same thread for everybody, its page and its forms."""
    forum, subject = THREAD
    page.goto(base + forum)
    thread = page.get_by_role("link", name=subject).first.get_attribute("href") or ""
    page.goto(base + thread)
    post = page.locator("a.post__number").nth(1).get_attribute("href")
    number = re.findall(r"\d+", thread)[0]
    prefix = f"{who}-".lower() if who else ""
    found = {**pages, f"{prefix}thread": thread}
    if who != "Gus":
        found |= {
            f"{prefix}reply": f"{post}reply/",
            f"{prefix}flat": f"{thread}?view=flat",
            f"{prefix}index": f"/threads/{number}/index/",
        }
    if who is None:
        found |= {"history": f"{post}history/"}
    return found


def _shoot(page: Page, base: str, pages: dict[str, str]) -> None:
    for name, address in pages.items():
        page.goto(base + address)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 1100 if width > 400 else 740})
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                file = SHOTS / f"{width}-{theme}" / f"{name}.png"
                page.screenshot(path=file, full_page=True, animations="disabled")
                if (name, width, theme) in CHOSEN:
                    chosen = PICTURES / CHOSEN[name, width, theme]
                    PICTURES.mkdir(parents=True, exist_ok=True)
                    chosen.write_bytes(in_few_colours(page.screenshot(animations="disabled")))
                    assert chosen.stat().st_size <= MOST_BYTES, f"{chosen.name} has {chosen.stat().st_size:,} bytes"


def in_few_colours(png: bytes) -> bytes:
    """The same picture with a palette of at most 256 colours: a fifth of the bytes, and nobody sees it on a page of text."""
    width, height, pixels = _pixels(png)
    alike: dict[tuple[int, ...], tuple[int, ...]] = {}
    for colour, _ in Counter(pixels).most_common():
        alike.setdefault(tuple(part >> 4 for part in colour), colour)  # a rare hue keeps an entry of its own
    common = list(alike.values())[:256]
    index = {colour: number for number, colour in enumerate(common)}
    for colour in set(pixels) - index.keys():
        index[colour] = min(range(len(common)), key=lambda n: sum((a - b) ** 2 for a, b in zip(colour, common[n], strict=True)))
    rows = b"".join(b"\0" + bytes(index[p] for p in pixels[at : at + width]) for at in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    palette = b"".join(bytes(colour) for colour in common)
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return png[:8] + b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)


def _pixels(png: bytes) -> tuple[int, int, list[tuple[int, ...]]]:
    """Width, height and colours of an 8-bit RGB or RGBA picture without interlacing, as Chromium writes them."""
    width, height, bits, kind = struct.unpack(">IIBB", png[16:26])
    assert (bits, kind in (2, 6)) == (8, True)
    size, at, packed = 3 if kind == 2 else 4, 8, b""
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += 12 + length
    raw, stride, before = zlib.decompress(packed), width * size, bytearray(width * size)
    pixels: list[tuple[int, ...]] = []
    for row in range(height):
        way, line = raw[row * (stride + 1)], bytearray(raw[row * (stride + 1) + 1 : (row + 1) * (stride + 1)])
        for i in range(stride):
            left, up = line[i - size] if i >= size else 0, before[i]
            corner = before[i - size] if i >= size else 0
            line[i] = (line[i] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[way]) & 255
        pixels += [tuple(line[i : i + 3]) for i in range(0, stride, size)]
        before = line
    return width, height, pixels


def _paeth(left: int, up: int, corner: int) -> int:
    """PNG's fourth filter: whichever neighbour is nearest to left + up - corner."""
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


if __name__ == "__main__":
    sys.exit(main())
