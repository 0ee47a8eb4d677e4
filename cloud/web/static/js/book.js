// Improves the patients' pages; each works without it.
const one = (selector) => document.querySelector(selector);
const root = document.documentElement;

// What did not fit is read first.
one("#trouble")?.focus();

// A calendar is a grid: one day is in the tab order, arrows go to the others.
for (const table of document.querySelectorAll(".month-days")) grid(table);

function grid(table) {
  const days = [...table.querySelectorAll("a.day")];
  if (!days.length) return;
  table.setAttribute("role", "grid");
  for (const row of table.querySelectorAll("tr")) row.setAttribute("role", "row");
  for (const head of table.querySelectorAll("th")) head.setAttribute("role", "columnheader");
  for (const cell of table.querySelectorAll("td")) cell.setAttribute("role", "gridcell");
  const rest = (chosen) => days.forEach((day) => (day.tabIndex = day === chosen ? 0 : -1));
  rest(days.find((day) => day.getAttribute("aria-current")) ?? days[0]);
  table.addEventListener("keydown", (event) => {
    const at = days.indexOf(event.target);
    const to = at < 0 ? undefined : moved(days, at, event.key, event.ctrlKey);
    if (!to) return;
    event.preventDefault();
    rest(to);
    to.focus();
  });
}

function moved(days, at, key, control) {
  const here = days[at];
  const cell = here.parentElement;
  const row = [...cell.parentElement.children];
  const same = (other) => [...other.parentElement.parentElement.children].indexOf(other.parentElement) === row.indexOf(cell);
  const inRow = days.filter((day) => day.parentElement.parentElement === cell.parentElement);
  const found = {
    ArrowRight: () => days[at + 1],
    ArrowLeft: () => days[at - 1],
    ArrowDown: () => days.slice(at + 1).find(same),
    ArrowUp: () => days.slice(0, at).reverse().find(same),
    Home: () => (control ? days[0] : inRow[0]),
    End: () => (control ? days.at(-1) : inRow.at(-1)),
  }[key];
  if (key === "PageDown" || key === "PageUp") one(key === "PageDown" ? "[rel=next]" : "[rel=prev]")?.click();
  return found?.();
}

// A choice of whom shows its times at once.
one("#wish")?.addEventListener("change", (event) => event.target.form.requestSubmit());

// Who answers for a child is asked when it is one.
const child = one("[data-child]");
const born = one("#born");
if (child && born && !child.getAttribute("aria-describedby")) {
  const look = () => {
    const on = new Date(born.value);
    const grown = new Date(on.getFullYear() + Number(child.dataset.child || 18), on.getMonth(), on.getDate());
    child.hidden = !born.value || Number.isNaN(on.valueOf()) || grown <= new Date();
  };
  born.addEventListener("input", look);
  look();
}

// A form is sent once.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));

// How long a time is still kept.
const hold = one("[data-hold]");
if (hold) {
  const ends = performance.now() + Number(hold.dataset.hold) * 1000;
  const left = one("[data-left]");
  const says = one("[data-hold-says]");
  const tick = () => {
    const seconds = Math.max(0, Math.round((ends - performance.now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds <= 60 && !says.textContent) says.textContent = says.dataset.soon;
    if (seconds > 0) return setTimeout(tick, 500);
    hold.hidden = true;
    one("[data-while-kept]").hidden = true;
    one("[data-when-over]").hidden = false;
    one("[data-ran-out]").hidden = false;
    return undefined;
  };
  tick();
}

// Within another's page: say how high this one is.
if ("framed" in root.dataset && parent !== window) {
  const tell = (more = {}) => parent.postMessage({ emmetraHeight: document.body.scrollHeight + 4, ...more }, "*");
  new ResizeObserver(() => tell()).observe(document.body);
  tell({ emmetraTop: true });
}
