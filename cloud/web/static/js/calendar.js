// The calendar by keyboard and pointer. Arrow keys go through slots and visits, Enter opens; m (or dragging) takes a
// visit to another time or column. Nothing is saved before the server has said what is in the way: a free time is
// taken at once (and can be undone), anything else is asked about.
const says = document.getElementById("cal-says");
const words = document.getElementById("cal-words")?.dataset ?? {};
const dialog = document.getElementById("moving");
const grid = () => document.querySelector(".cal-grid");
const DRAGS = 6; // pixels before a press is a drag
const QUANTUM_MS = 300_000;

const tell = (text) => (says.textContent = text);
const cellOf = (stop) => stop.closest(".slot");
const place = (stop) => ({ column: Number(cellOf(stop).dataset.column), row: Number(cellOf(stop).dataset.row) });
const seen = (element) => element.checkVisibility();

// What one can stand on: visits, and slots in which none stands.
const stops = () =>
  [...grid().querySelectorAll(".card-visit:not(.card-ghost), .slot[data-at]")].filter(
    (one) => seen(one) && (one.matches(".card-visit") || (!("covered" in one.dataset) && !one.querySelector(".card-visit:not(.card-ghost)"))),
  );

const inColumn = (column) => stops().filter((one) => place(one).column === column);

let current;

function stand(stop) {
  if (!stop) return;
  for (const one of grid().querySelectorAll("[tabindex='0']")) one.tabIndex = -1;
  stop.tabIndex = 0;
  current = stop.id;
  stop.focus({ preventScroll: false });
  stop.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function begin() {
  if (!grid()) return;
  for (const card of grid().querySelectorAll(".card-visit")) card.tabIndex = -1; // one stop for Tab, arrow keys for the rest
  const known = current && document.getElementById(current);
  const first = known ?? grid().querySelector(".card-visit") ?? grid().querySelector(".slot[data-at]");
  if (first) first.tabIndex = 0;
}

function step(from, key) {
  const { column, row } = place(from);
  if (key === "ArrowUp" || key === "ArrowDown") {
    const all = inColumn(column);
    return all[all.indexOf(from) + (key === "ArrowDown" ? 1 : -1)];
  }
  if (key === "Home") return inColumn(column)[0];
  if (key === "End") return inColumn(column).at(-1);
  const next = inColumn(column + (key === "ArrowRight" ? 1 : -1));
  return next.findLast((one) => place(one).row <= row) ?? next[0];
}

// --- a visit in the hand -------------------------------------------------------------------------------------------

let picked; // { card, ghost, cell, off }

function pick(card) {
  const ghost = card.cloneNode(true);
  ghost.removeAttribute("id");
  ghost.removeAttribute("href");
  ghost.classList.add("card-ghost");
  ghost.setAttribute("aria-hidden", "true");
  for (const name of [...ghost.classList]) if (/^(off|lane|lanes)-/.test(name)) ghost.classList.remove(name);
  picked = { card, ghost, cell: cellOf(card), off: Number(/off-(\d+)/.exec(card.className)?.[1] ?? 0) };
  card.classList.add("card-picked");
  show();
  mark({ visit: card.dataset.visit }, Number(card.dataset.after) * 60_000);
}

function leave() {
  picked?.ghost.remove();
  picked?.card.classList.remove("card-picked");
  picked = undefined;
  unmark();
  markAsked();
  catchUp();
}

// News that came while something was in the hand is fetched once it is put down.
let missed = false;

function catchUp() {
  if (missed && !pressed) htmx.trigger("#calendar", "live");
  missed = false;
}

// When the patient would come: a later part of a visit is taken along with what comes before it.
const at = () => new Date(Date.parse(picked.cell.dataset.at) + picked.off * QUANTUM_MS - Number(picked.card.dataset.after) * 60_000);

function show() {
  for (const name of [...picked.ghost.classList]) if (/^off-/.test(name)) picked.ghost.classList.remove(name);
  picked.ghost.classList.add(`off-${picked.off}`);
  picked.cell.append(picked.ghost);
  picked.ghost.querySelector(".card-time").textContent = shown();
  picked.ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// The label is the slot's own, and minutes within a slot never cross an hour.
function shown() {
  const [hour, minute] = picked.cell.dataset.clock.split(":");
  return `${hour}:${String(Number(minute) + picked.off * 5).padStart(2, "0")}`;
}

const heading = () => grid().querySelectorAll(".cal-head")[Number(picked.cell.dataset.column)]?.textContent.trim() ?? "";
const slotAt = (column, row) => document.getElementById(`slot-${column}-${row}`);

function carry(key, event) {
  const { column, row } = { column: Number(picked.cell.dataset.column), row: Number(picked.cell.dataset.row) };
  const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -12, PageDown: 12 }[key];
  if (by) lift(by);
  else if (key === "ArrowLeft" || key === "ArrowRight") {
    const next = slotAt(column + (key === "ArrowRight" ? 1 : -1), row);
    if (next?.dataset.at) picked.cell = next;
  } else return false;
  event.preventDefault();
  show();
  tell(`${shown()}, ${heading()}`);
  return true;
}

function lift(by) {
  const column = picked.cell.dataset.column;
  for (let left = Math.abs(by); left > 0; left -= 1) {
    const next = picked.off + Math.sign(by);
    if (next >= 0 && next < Number(picked.cell.dataset.rows)) picked.off = next;
    else {
      const cell = slotAt(column, Number(picked.cell.dataset.row) + Math.sign(by));
      if (!cell?.dataset.at) return;
      picked.cell = cell;
      picked.off = by < 0 ? Number(cell.dataset.rows) - 1 : 0;
    }
  }
}

// --- where a visit could begin -------------------------------------------------------------------------------------

let marking;

async function mark(about, later = 0) {
  unmark();
  const mine = (marking = new AbortController());
  try {
    const answer = await fetch(`${grid().dataset.marks}&${new URLSearchParams(about)}`, { signal: mine.signal });
    if (!answer.ok || mine.signal.aborted) return;
    for (const [resource, times] of Object.entries(await answer.json())) for (const time of times) markAt(resource, Date.parse(time) + later);
  } catch {
    // marks only help: without them every time can still be tried
  }
}

function markAt(resource, time) {
  for (const cell of grid().querySelectorAll(`.slot[data-resource="${CSS.escape(resource)}"][data-at]`)) {
    const off = (time - Date.parse(cell.dataset.at)) / QUANTUM_MS;
    if (off < 0 || off >= Number(cell.dataset.rows)) continue;
    const sign = Object.assign(document.createElement("span"), { className: `slot-mark off-${off}` });
    sign.setAttribute("aria-hidden", "true");
    cell.append(sign);
  }
}

function unmark() {
  marking?.abort();
  for (const sign of document.querySelectorAll(".slot-mark")) sign.remove();
}

// The counter asks where a type could begin.
const asked = new URLSearchParams(location.search);
const markAsked = () => asked.has("type") && grid()?.dataset.marks && mark(asked);

// --- asking the server, and saving ---------------------------------------------------------------------------------

let asking;

async function drop() {
  const wanted = new URLSearchParams({ at: at().toISOString(), resource: picked.cell.dataset.resource, back: location.search });
  const address = `${picked.card.dataset.pick}?${wanted}`;
  tell(words.trying);
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: asking.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    ask(await answer.text());
  } catch (failure) {
    if (failure.name === "AbortError") return;
    leave();
    document.dispatchEvent(new CustomEvent("htmx:sendError"));
  }
}

function ask(text) {
  const body = document.getElementById("moving-body");
  body.innerHTML = text;
  const form = body.querySelector("form");
  if ("fits" in form.dataset) return form.requestSubmit(form.querySelector(".btn-primary"));
  if (!dialog.open) dialog.showModal();
}

dialog?.addEventListener("close", () => {
  const card = picked?.card;
  leave();
  if (card?.isConnected) stand(card);
  tell(words.left);
});

// --- keys ------------------------------------------------------------------------------------------------------------

const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"];

document.addEventListener("keydown", (event) => {
  const stop = event.target.closest?.(".card-visit, .slot");
  if (!stop || event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
  if (picked) carrying(event);
  else if (ARROWS.includes(event.key)) {
    event.preventDefault();
    stand(step(stop, event.key));
  } else if (event.key === "Enter" && stop.matches(".slot") && stop.dataset.href) location.assign(stop.dataset.href);
  else if (event.key === "m" && stop.matches(".card-visit")) {
    event.preventDefault();
    if (!stop.dataset.pick) return tell(words.fixed ?? "");
    pick(stop);
    tell(words.picked);
  } else if (event.key === "a" && stop.dataset.arrives) {
    event.preventDefault();
    htmx.ajax("POST", stop.dataset.arrives, { source: stop, swap: "none" }); // the news brings the card anew
  }
}, { capture: true }); // before the keys of the page: with a visit in the hand none of them is meant

function carrying(event) {
  if (carry(event.key, event)) return;
  if (event.key === "Enter") drop();
  else if (event.key === "Escape") {
    const card = picked.card;
    leave();
    stand(card);
    tell(words.left);
  } else if (event.key !== "Tab") return event.preventDefault();
  else return leave();
  event.preventDefault();
}

// --- pointer -----------------------------------------------------------------------------------------------------------

let pressed;

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest?.(".card-visit[data-pick]");
  if (!card || event.button !== 0 || event.pointerType === "touch") return;
  const box = card.getBoundingClientRect();
  pressed = { card, x: event.clientX, y: event.clientY, grip: event.clientY - box.top, dragging: false };
});

document.addEventListener("pointermove", (event) => {
  if (!pressed) return;
  if (!pressed.dragging && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < DRAGS) return;
  if (!pressed.dragging) pick(pressed.card);
  pressed.dragging = true;
  event.preventDefault();
  const under = document.elementsFromPoint(event.clientX, event.clientY - pressed.grip + 2).find((one) => one.matches(".slot[data-at]"));
  if (!under || !picked) return;
  const box = under.getBoundingClientRect();
  const rows = Number(under.dataset.rows);
  const off = Math.floor(((event.clientY - pressed.grip + 2 - box.top) / box.height) * rows);
  picked.cell = under;
  picked.off = Math.min(Math.max(off, 0), rows - 1);
  show();
});

document.addEventListener("pointerup", () => {
  if (!pressed) return;
  const { dragging, card } = pressed;
  pressed = undefined;
  if (!dragging || !picked) return catchUp();
  swallow();
  const { cell, off } = picked;
  if (cell === cellOf(card) && off === Number(/off-(\d+)/.exec(card.className)?.[1] ?? 0)) leave();
  else drop();
});

// The click that ends a drag opens nothing.
function swallow() {
  const hush = (event) => (event.preventDefault(), event.stopPropagation());
  document.addEventListener("click", hush, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", hush, { capture: true }), 60);
}

document.addEventListener("pointercancel", () => ((pressed = undefined), leave()));
document.addEventListener("dragstart", (event) => event.target.closest?.(".card-visit") && event.preventDefault());

document.addEventListener("click", (event) => {
  const slot = event.target.closest?.(".slot[data-href]");
  if (slot && !event.target.closest("a")) location.assign(slot.dataset.href);
});

// Parts of one visit are shown as one.
function same(event, on) {
  const card = event.target.closest?.(".card-visit");
  if (!card) return;
  for (const one of grid()?.querySelectorAll(`[data-visit="${card.dataset.visit}"]`) ?? []) one.classList.toggle("card-same", on && one !== card);
}
for (const [name, on] of [["focusin", true], ["focusout", false], ["pointerover", true], ["pointerout", false]]) {
  document.addEventListener(name, (event) => same(event, on));
}
document.addEventListener("focusin", (event) => {
  const stop = event.target.closest?.(".card-visit, .slot");
  if (stop?.id) current = stop.id;
});

// A calendar that fetched itself anew is another one: whatever was in the hand is put down, the place is kept.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id !== "calendar") return;
  const top = scrolled;
  if (top !== undefined) document.querySelector(".cal-scroll")?.scrollTo(top);
  if (!dialog?.open) leave();
  begin();
  tick();
});
let scrolled;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "calendar") return;
  if (picked || pressed) return void ((missed = true), (event.detail.shouldSwap = false));
  const pane = document.querySelector(".cal-scroll");
  if (pane) scrolled = { top: pane.scrollTop, left: pane.scrollLeft };
});

// --- now ---------------------------------------------------------------------------------------------------------------

const MINUTE_MS = 60_000;

function tick() {
  for (const line of document.querySelectorAll(".slot-now")) line.remove();
  const now = Date.now();
  for (const cell of grid()?.querySelectorAll(".slot[data-at]") ?? []) {
    const off = Math.floor((now - Date.parse(cell.dataset.at)) / QUANTUM_MS);
    if (off < 0 || off >= Number(cell.dataset.rows)) continue;
    const line = Object.assign(document.createElement("span"), { className: `slot-now off-${off}` });
    line.setAttribute("aria-hidden", "true");
    cell.append(line);
  }
}

setInterval(tick, MINUTE_MS);

begin();
tick();
markAsked();
const meant = asked.get("moved") ?? asked.get("visit");
if (meant) stand(grid()?.querySelector(`.card-visit[data-visit="${CSS.escape(meant)}"]`));
