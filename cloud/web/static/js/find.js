// The search in the top bar offers who answers to what was typed so far: arrow keys choose, Enter opens, Escape closes.
// Without this file, or with nothing chosen, Enter sends the form and the list of patients answers.
const REST_MS = 120;
const field = document.querySelector("[data-find]");
const sheet = document.getElementById("found-sheet");
let waiting;
let asking;
let chosen = -1;

const options = () => [...sheet.querySelectorAll("[role=option]")];

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, REST_MS);
});

// Only the last question's answer is shown: an older one still under way is dropped.
async function ask() {
  asking?.abort();
  const typed = field.value.trim();
  if (!typed) return close();
  const mine = (asking = new AbortController());
  try {
    const answer = await fetch(`${field.dataset.find}?${new URLSearchParams({ q: typed })}`, {
      headers: { "HX-Request": "true" },
      signal: mine.signal,
    });
    const text = answer.ok ? await answer.text() : "";
    if (mine === asking && !mine.signal.aborted) show(text);
  } catch {
    if (mine === asking) close();
  }
}

// Whoever was chosen stays chosen when a later answer still offers them: Enter never opens somebody else.
function show(text) {
  const kept = options()[chosen]?.dataset.href;
  sheet.innerHTML = text;
  sheet.hidden = !text || document.activeElement !== field;
  field.setAttribute("aria-expanded", String(!sheet.hidden));
  field.setAttribute("aria-controls", sheet.hidden ? sheet.id : "found");
  choose(options().findIndex((option) => option.dataset.href === kept));
}

function close() {
  asking?.abort();
  clearTimeout(waiting);
  show("");
}

function choose(at) {
  chosen = at;
  options().forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
  const option = options()[at];
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

const steps = { ArrowDown: 1, ArrowUp: -1 };

field.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const many = options().length;
  if (event.key in steps && !sheet.hidden && many) {
    event.preventDefault();
    choose((((chosen + steps[event.key] + 1) % (many + 1)) + many + 1) % (many + 1) - 1);
  } else if (event.key === "ArrowDown" && sheet.hidden) ask();
  else if (event.key === "Enter" && chosen >= 0 && !sheet.hidden) {
    event.preventDefault();
    open(options()[chosen]);
  } else if (event.key === "Escape" && !sheet.hidden) {
    event.preventDefault();
    close();
  }
});

const open = (option) => location.assign(option.dataset.href);

sheet.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
sheet.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) open(option);
});
field.addEventListener("blur", close);
