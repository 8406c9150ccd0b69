// A page that stands open says so when there is more to read. It asks for a number, and only while somebody looks at it.
const EVERY = 25_000;
const hint = document.querySelector("[data-live]");

function say(more) {
  const link = hint.querySelector("a") ?? hint.appendChild(document.createElement("a"));
  link.className = "button button--main";
  link.href = hint.dataset.here;
  const text = hint.dataset.counts === "replies" ? `${more} new ${more === 1 ? "reply" : "replies"}: show` : "New posts: show";
  if (link.textContent !== text) link.textContent = text;
}

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(hint.dataset.live, { cache: "no-cache" });
    const more = answer.ok ? Number(await answer.text()) - Number(hint.dataset.seen) : 0;
    if (more > 0) say(more);
  } catch {
    // no network just now: asked again soon
  }
}

if (hint) {
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
