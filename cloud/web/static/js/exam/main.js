// The examination page: typing is kept by itself, keys do what the trade expects, the server says how the record stands.
import { alone, cells, entered, figure, focus, grow, move, sign, tellPicked, tidied } from "./cells.js";
import { lookUp } from "./codes.js";
import { Keeping } from "./keeping.js";
import { stand } from "./standing.js";

const HERE_MS = 20_000;
const root = document.getElementById("exam");
const sheet = root.querySelector(".exam-sheet");
const saved = root.querySelector("[data-saved]");
const undo = root.querySelector("[data-undoes]");
const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
const typing = (cell) => cell === document.activeElement && !cell.matches("details");

const keeping = new Keeping({ address: root.dataset.save, encounter: root.dataset.exam, token, onState: take, onShow: tell });

function take(state) {
  stand(root, state, (cell) => typing(cell) || keeping.waiting.has(cell.dataset.place));
  if (undo) undo.disabled = !state.undo;
  saved.dataset.saved = state.saved_at;
  tell("saved", state.saved_clock);
}

function tell(how, words = "", status = 0) {
  saved.dataset.how = how;
  if (how === "saved") saved.textContent = saved.dataset.saysSaved.replace("TIME", words);
  if (how === "saving") saved.textContent = saved.dataset.saysSaving;
  if (how === "kept") saved.textContent = saved.dataset.saysKept;
  if (how === "signed-out") saved.textContent = saved.dataset.saysSignedOut;
  if (how === "refused") saved.textContent = `${saved.dataset.saysRefused} ${words}`;
  if (status === 409 || status === 423) sheet.inert = true;
}

function changed(cell) {
  keeping.add({ place: cell.dataset.place, entered: entered(cell), quality: "ok" });
}

const known = new WeakMap();

function wire(part) {
  for (const cell of cells(part)) {
    known.set(cell, entered(cell));
    if (cell.tagName === "TEXTAREA") grow(cell);
    if (cell.dataset.kind === "choices") tellPicked(cell);
    if (cell.dataset.kind === "code") lookUp(cell, root.dataset.codes, changed);
  }
}

const cellOf = (event) => event.target.closest?.("[data-place]");

sheet.addEventListener("input", (event) => {
  const cell = cellOf(event);
  if (!cell || cell.dataset.kind === "code" || cell.dataset.kind === "drawing") return;
  cell.dataset.typing = "yes";
  if (cell.tagName === "TEXTAREA") grow(cell);
  if (cell.dataset.kind === "choices") alone(cell, event.target), tellPicked(cell);
  changed(cell);
});
sheet.addEventListener("change", (event) => {
  const cell = cellOf(event);
  if (cell?.dataset.kind === "drawing") changed(cell);
});
sheet.addEventListener("focusin", (event) => {
  const cell = cellOf(event);
  if (!cell) return;
  delete cell.dataset.typing;
  known.set(cell, entered(cell));
  if (figure(cell)) cell.select();
});
sheet.addEventListener("focusout", (event) => {
  const cell = cellOf(event);
  if (!cell || cell.dataset.kind === "code" || cell.dataset.kind === "drawing") return;
  delete cell.dataset.typing;
  // what nobody typed stays as the instrument wrote it: passing through is no correction
  if (entered(cell) !== known.get(cell)) tidied(cell), changed(cell);
  known.set(cell, entered(cell));
  keeping.flush();
});
sheet.addEventListener("keydown", (event) => {
  const cell = cellOf(event);
  if (!cell || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  sign(cell, event, changed);
  if (!event.defaultPrevented) move(cell, event, cells(sheet).filter((one) => one.offsetParent));
});
sheet.addEventListener("submit", (event) => event.preventDefault());

sheet.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]");
  if (act && !act.closest("[data-drawing]")) deed(act);
  const adds = event.target.closest("[data-adds]");
  if (adds) focus(add(adds)?.querySelector("[data-place]"));
  const folds = event.target.closest("[data-folds]");
  if (folds) fold(folds.closest("[data-element]")).then((article) => article?.querySelector("[data-folds]").focus());
  const holds = event.target.closest(".btn-holds");
  if (holds) keeping.add({ place: holds.closest("[data-cell]").dataset.cell, confirm: true });
});

// A folded element has its heading alone: its fields come when it is opened.
async function fold(article, open = "folded" in article.dataset) {
  if (open && !article.querySelector(".exam-instance")) return fetched(article.dataset.element);
  article.toggleAttribute("data-folded", !open);
  article.querySelector("[data-folds]").setAttribute("aria-expanded", String(open));
  return article;
}

function deed(act) {
  const element = act.closest("[data-element]").dataset.element;
  const address = root.dataset.elementAct.replace("ELEMENT", element).replace("ACT", act.dataset.act);
  keeping.deed(act.dataset.n ? `${address}?n=${act.dataset.n}` : address);
}

function add(button) {
  const article = button.closest("[data-element]");
  const here = article.querySelectorAll(".exam-instance").length;
  if (here >= Number(button.dataset.most)) return null;
  const blank = article.querySelector("template[data-blank]");
  const fresh = numbered(blank.content.firstElementChild.cloneNode(true), String(here + 1));
  blank.before(fresh);
  wire(fresh);
  if (here + 1 >= Number(button.dataset.most)) button.disabled = true;
  return fresh;
}

// The blank one bears NUMBER wherever its number goes.
function numbered(fresh, n) {
  for (const one of [fresh, ...fresh.querySelectorAll("*")]) {
    for (const { name, value } of [...one.attributes]) if (value.includes("NUMBER")) one.setAttribute(name, value.replaceAll("NUMBER", n));
  }
  fresh.querySelector(".instance-number")?.replaceChildren(n);
  return fresh;
}

// The server may hold what this page has not drawn yet: another element, or a second or third of one.
async function drawMissing(state) {
  for (const place of Object.keys(state.items)) {
    const [element, n] = place.split(".");
    let article = sheet.querySelector(`[data-element="${element}"]`);
    if (!article || "folded" in article.dataset) article = article ? await fold(article, true) : await fetched(element);
    while (article && article.querySelectorAll(".exam-instance").length < Number(n)) {
      if (!add(article.querySelector("[data-adds]"))) break;
    }
  }
}

async function fetched(element) {
  const response = await fetch(root.dataset.part.replace("ELEMENT", element)).catch(() => null);
  if (!response?.ok) return null;
  const there = sheet.querySelector(`[data-element="${element}"]`);
  const place = sheet.querySelector(".exam-more");
  (there ?? place).insertAdjacentHTML("beforebegin", await response.text());
  there?.remove();
  place.querySelector(`option[value="${element}"]`)?.remove();
  const article = sheet.querySelector(`[data-element="${element}"]`);
  wire(article);
  return article;
}

sheet.querySelector("[data-more]")?.addEventListener("change", async (event) => {
  const article = event.target.value && (await fetched(event.target.value));
  if (article) focus(article.querySelector("[data-place]"));
});

undo?.addEventListener("click", () => keeping.deed(root.dataset.undo));

root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-proposal]");
  if (button) propose(button);
});

async function propose(button) {
  const asks = button.closest("form")?.querySelector("[name=reason]");
  if (asks && !asks.reportValidity()) return;
  const done = await keeping.deed(button.dataset.proposal, asks ? { reason: asks.value } : undefined);
  button.closest("dialog")?.close();
  if (done) htmx.trigger("#proposals", "live");
}

// Signing looks at what the server holds, so everything typed goes there first.
document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.elt.matches("[data-after-saving]")) return;
  event.preventDefault();
  keeping.flush().then(() => event.detail.issueRequest(true));
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const key = event.key.toLowerCase();
  const article = document.activeElement?.closest?.("[data-element]");
  const target = article?.querySelector(`[data-alt-here="${key}"]`) ?? document.querySelector(`[data-alt="${key}"]`);
  if (!target || target.disabled || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  target.click();
});

root.querySelector("[data-findings]").addEventListener("click", async (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault();
  const place = link.getAttribute("href").slice(1);
  const article = document.querySelector(`[data-element="${place.split(".")[0]}"]`);
  if (article && "folded" in article.dataset) await fold(article, true);
  focus(document.querySelector(`[data-place="${place}"]`) ?? article?.querySelector("[data-place]"));
});

// Another page that starts from what stands here waits until the server has it.
root.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-after-saving]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  keeping.flush().then((kept) => kept && location.assign(link.href));
});

// The heading stays below the patient's, which grows with what is to be known of the patient.
const banner = document.querySelector(".patient");
if (banner) new ResizeObserver(() => root.style.setProperty("--exam-under", `${banner.offsetHeight}px`)).observe(banner);

async function here() {
  await fetch(root.dataset.here, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
}

document.addEventListener("visibilitychange", () => document.hidden && keeping.flush());
window.addEventListener("pagehide", () => keeping.flush());
window.addEventListener("online", () => keeping.flush());
setInterval(here, HERE_MS);

wire(sheet);
const initial = JSON.parse(root.dataset.initial);
const onState = keeping.onState;
keeping.onState = async (state) => {
  await drawMissing(state);
  onState(state);
};
keeping.onState(initial);
if (root.dataset.mine === "yes") keeping.recover();
root.dataset.ready = "yes";
