// What stands in the writing form is kept every few seconds, so that nothing is lost with a tab or a battery.
const EVERY = 8_000;
const form = document.getElementById("write");
const status = document.querySelector("[data-draft]");

function typed() {
  const data = new FormData(form);
  data.set("path", location.pathname);
  return data;
}

const same = (data) => JSON.stringify([...data].filter(([name]) => name !== "csrfmiddlewaretoken"));
let kept = form ? same(typed()) : "";

async function keep() {
  const data = typed();
  const now = same(data);
  if (now === kept) return;
  kept = now;
  try {
    const answer = await fetch(status.dataset.draft, { method: "POST", body: data, keepalive: document.hidden });
    status.textContent = answer.ok ? await answer.text() : "";
  } catch {
    kept = ""; // no network just now: tried again soon
  }
}

if (form && status) {
  const clock = setInterval(keep, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  form.addEventListener("submit", () => clearInterval(clock));
}
