// The viewer: one pane or two, and the tools over them. The page says everything in data-spec.
import { Pane } from "./viewer/pane.js";
import { keep } from "./viewer/keeping.js";
import { linkedBy } from "./viewer/places.js";

const root = document.getElementById("viewer");
const spec = JSON.parse(root.dataset.spec);
const says = root.querySelector(".viewer-says");
const panes = [...root.querySelectorAll(".pane")].map((element, at) => new Pane(element, spec.panes[at], spec, desk()));
const act = (name) => root.querySelector(`[data-act=${name}]`);
const DRAWS = ["caliper", "angle", "ellipse", "line", "arrow", "text"];
const FLICKER_MS = 450;
let active = panes[0];
let linked = panes.length > 1;
let flicker = 0;

function desk() {
  return {
    tool: "pan",
    words: spec.words,
    say: (text) => (says.textContent = text),
    chosen(pane) {
      active = pane;
      showState();
    },
    scrolled(pane) {
      if (linked) for (const other of others(pane)) other.follow(pane);
    },
    moved(pane) {
      if (linked) for (const other of others(pane)) other.look(pane.view);
    },
    changed: () => showState(),
    shaded: () => showState(true),
    ask: askWords,
    drawn() {
      use("pan");
    },
  };
}

const others = (pane) => panes.filter((one) => one !== pane);
const all = () => (linked || flicker ? panes : [active]);

function use(tool) {
  for (const pane of panes) pane.use(tool);
  for (const name of ["pan", "shade", ...DRAWS]) act(name)?.setAttribute("aria-pressed", String(name === tool));
}

function press(name, pressed) {
  act(name).setAttribute("aria-pressed", String(pressed));
}

function view(change) {
  active.change(change);
  showState();
}

const acts = {
  pan: () => use("pan"),
  shade: () => use("shade"),
  closer: () => view((v) => ({ ...v, scale: v.scale * 1.25 })),
  farther: () => view((v) => ({ ...v, scale: v.scale / 1.25 })),
  fit: () => view((v) => ({ ...v, scale: 1, x: 0, y: 0 })),
  actual: () => view((v) => ({ ...v, scale: active.actual, x: 0, y: 0 })),
  turn: () => view((v) => ({ ...v, turn: (v.turn + 90) % 360 })),
  mirror: () => view((v) => ({ ...v, mirrored: !v.mirrored })),
  invert: () => shade((s) => ({ ...s, inverted: !s.inverted })),
  plain() {
    shade(() => ({ bright: 100, contrast: 100, inverted: false }));
    for (const pane of all()) if (pane.depth.window) pane.open(null);
  },
  true() {
    for (const pane of all()) pane.proportion(!active.proportioned);
    showState();
  },
  link() {
    linked = !linked;
    showState();
  },
  flicker() {
    flicker = flicker ? (clearInterval(flicker), 0) : setInterval(other, FLICKER_MS);
    root.classList.toggle("is-flickering", Boolean(flicker));
    if (flicker) for (const pane of others(panes[0])) pane.follow(panes[0]), pane.look(panes[0].view);
    front(flicker ? panes[0] : null);
    for (const pane of panes) pane.fit();
    showState();
  },
  swap() {
    clearInterval(flicker);
    if (flicker) return void other();
    active = others(active)[0] ?? active;
    active.focus();
  },
  undo: () => active.marks.undo(),
  redo: () => active.marks.redo(),
  save,
  ...Object.fromEntries(DRAWS.map((name) => [name, () => use(name)])),
};

function shade(change) {
  for (const pane of all()) pane.shade(change(active.shades));
  showState();
}

// One pane over the other: which of them is to be seen.
function front(pane) {
  for (const one of panes) one.element.classList.toggle("is-front", one === pane);
}

function other() {
  const seen = panes.find((pane) => pane.element.classList.contains("is-front")) ?? panes[0];
  front(others(seen)[0]);
}

function askWords() {
  const dialog = document.getElementById("mark-words");
  const field = dialog.querySelector("input");
  field.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((tell) => {
    const send = () => (dialog.returnValue = "written");
    dialog.querySelector("form").addEventListener("submit", send, { once: true });
    dialog.addEventListener("close", () => tell(dialog.returnValue === "written" ? field.value.trim() : ""), { once: true });
  });
}

async function save() {
  for (const pane of panes.filter((one) => one.marks.changed)) {
    const sent = pane.marks.all;
    const kept = await keep(pane.spec.marks_href, root.dataset.token, pane.marks.difference());
    if (kept.marks) pane.marks.kept(kept.marks, sent);
    says.textContent = kept.marks ? spec.words.saved : spec.words[kept.why];
  }
  showState(true);
}

function showState(quiet = false) {
  const { shades, view: v, marks } = active;
  press("invert", shades.inverted);
  press("mirror", v.mirrored);
  press("true", active.proportioned);
  act("true").disabled = !active.spec.pixel_mm;
  if (panes.length > 1) showLink();
  showWindow();
  for (const slider of root.querySelectorAll("[data-shade]")) slider.value = shades[slider.dataset.shade];
  for (const pane of panes) pane.element.classList.toggle("is-active", panes.length > 1 && pane === active);
  if (!spec.writes) return;
  act("undo").disabled = !marks.past.length;
  act("redo").disabled = !marks.future.length;
  const unsaved = panes.some((pane) => pane.marks.changed);
  act("save").disabled = !unsaved;
  if (unsaved && !quiet) says.textContent = spec.words.unsaved;
}

function showLink() {
  press("link", linked);
  press("flicker", Boolean(flicker));
  const volumes = panes.every((pane) => pane.count > 1);
  const words = linked && volumes ? spec.words.linked[linkedBy(...panes)] : "";
  const line = root.querySelector(".viewer-linked");
  if (line.textContent !== words) line.textContent = words;
}

// The window of the picture in hand, where it holds more than a byte.
function showWindow() {
  const { depth, spec: told } = active;
  const box = root.querySelector(".viewer-window");
  box.hidden = !depth.there;
  if (box.hidden) return;
  const window = depth.window ?? told.window ?? depth.about.span;
  const choice = box.querySelector("select");
  const named = depth.about.windows.map(([word, low, high], at) => new Option(`${word || spec.words.window.replace("{number}", at + 1)} (${low} – ${high})`, `${low} ${high}`));
  if (choice.dataset.of !== told.reading) choice.replaceChildren(...choice.querySelectorAll("[data-fixed]"), ...named);
  choice.dataset.of = told.reading;
  const at = (ends) => String(depth.window) === String(ends);
  const file = depth.about.windows.find(([, ...ends]) => at(ends));
  choice.value = !depth.window ? "prepared" : file ? file.slice(1).join(" ") : at(depth.about.span) ? "all" : "own";
  for (const [at, slider] of [...box.querySelectorAll("[data-window]")].entries()) {
    Object.assign(slider, { min: depth.about.span[0], max: depth.about.span[1], step: "any", value: window[at] });
    slider.setAttribute("aria-valuetext", String(Math.round(window[at])));
    slider.nextElementSibling.textContent = Math.round(window[at]);
  }
}

root.querySelector(".viewer-window select").addEventListener("change", (event) => {
  const { value } = event.target;
  if (value === "prepared") active.open(null);
  else if (value === "all") active.open(active.depth.about.span);
  else if (value === "occurs") active.openAllThatOccurs();
  else if (value !== "own") active.open(value.split(" ").map(Number));
});

root.addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.());
root.addEventListener("input", (event) => {
  const { shade: name } = event.target.dataset;
  if (name) shade((s) => ({ ...s, [name]: Number(event.target.value) }));
  if (event.target.dataset.window) slid();
});

// White stays above black.
function slid() {
  const [low, high] = [...root.querySelectorAll("[data-window]")].map((one) => Number(one.value));
  const least = (active.depth.about.span[1] - active.depth.about.span[0]) / 1000;
  active.open([Math.min(low, high - least), high]);
}

// Arrows scroll wherever one is on the page, as long as they mean nothing else there.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select, summary, a, .pane-list, video, [role=slider]")) return;
  if (active.key(event.key)) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (!spec.writes || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  acts[event.shiftKey ? "redo" : "undo"]();
});
window.addEventListener("beforeunload", (event) => {
  if (panes.some((pane) => pane.marks.changed)) event.preventDefault();
});
document.querySelector("[data-prints]").addEventListener("click", () => window.print());

use("pan");
showState();
root.dataset.ready = "";
