// A member folds the answers to a post away and brings them back. Works on what the page shows; nothing is kept.
const depth = (post) => (post.dataset.depth === "more" ? 7 : Number(post.dataset.depth));

function branch(post) {
  const answers = [];
  for (let next = post.nextElementSibling; next && depth(next) > depth(post); next = next.nextElementSibling) answers.push(next);
  return answers;
}

function offer(post) {
  const actions = post.querySelector(".actions");
  const answers = depth(post) < 7 ? branch(post) : [];
  if (!actions || !answers.length) return;
  const button = document.createElement("button");
  const say = (open) => {
    button.textContent = `${open ? "Fold" : "Show"} ${answers.length} ${answers.length === 1 ? "answer" : "answers"}`;
    button.setAttribute("aria-expanded", open);
  };
  button.type = "button";
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "false";
    for (const answer of branch(post)) {
      answer.hidden = !open;
      answer.querySelector(".actions [aria-expanded]")?.dispatchEvent(new Event("unfold"));
    }
    say(open);
  });
  button.addEventListener("unfold", () => say(true));
  say(true);
  actions.querySelector(".more").before(button);
}

const list = document.querySelector(".folds");
list?.querySelectorAll(".post").forEach(offer);
document.addEventListener("htmx:afterSettle", (event) => {
  if (list?.contains(event.target) && event.target.matches?.(".post")) offer(event.target);
});
