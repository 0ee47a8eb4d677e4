// One drawing: the hidden field's value is the truth, everything else shows it.
import { fresh, hand } from "./hand.js";
import { History, mirrored, tidy } from "./history.js";
import { list } from "./list.js";
import { Paper } from "./paint.js";
import { palette } from "./palette.js";
import { at as placeAt, line, side, sign } from "./places.js";

export function edit(root) {
  const field = root.querySelector("input[type=hidden]");
  const canvas = JSON.parse(root.dataset.vocabulary);
  const { eye } = root.dataset;
  const blank = { version: 1, canvas: canvas.code, eye, doodles: [], strokes: [], note: "" };
  const history = new History(field.value, blank);
  const shapes = root.dataset.shapes;
  const part = (name) => root.querySelector(`[data-part-of=${name}]`);
  const paper = new Paper(root.querySelector("svg.drawing-picture"), canvas, eye, shapes);
  const said = root.querySelector("[role=status]");
  const note = root.querySelector("[data-note]");

  const desk = {
    id: root.id, canvas, eye, history, paper, shapes, picked: null, chosen: null, tool: "place",
    sign: (code) => sign(canvas, code),
    pick(one) {
      desk.picked = one;
      use("place");
      showPicked();
    },
    choose(at) {
      desk.chosen = at;
      show();
      return null;
    },
    place(x, y) {
      history.set({ doodles: [...history.now.doodles, fresh(desk.picked, x, y)] });
      desk.choose(history.now.doodles.length - 1);
      say("placed");
    },
    placeByKey(one) {
      desk.pick(one);
      const { x, y } = placeAt(12, 0.5);
      desk.place(x, y);
      part("fields").querySelector(one.whole ? "[data-field=size]" : "[data-field=hour]").focus();
    },
    change(told) {
      history.change(desk.chosen, told);
      say("changed");
    },
    remove() {
      if (desk.chosen == null) return;
      say("removed");
      const { doodles } = history.now;
      const after = doodles.length > 1 ? Math.min(desk.chosen, doodles.length - 2) : null;
      const left = doodles.filter((_, at) => at !== desk.chosen);
      desk.chosen = after;
      history.set({ doodles: left });
    },
  };

  const showList = list(desk, part("findings"), part("fields"));
  const showPicked = palette(desk, part("palette"));
  hand(desk);

  function show() {
    if (!history.now.doodles[desk.chosen]) desk.chosen = null;
    paper.paint(history.now, desk.chosen);
    showList();
    if (note.value !== history.now.note) note.value = history.now.note;
    act("undo").disabled = !history.past.length;
    act("redo").disabled = !history.future.length;
    act("clear").disabled = history.isBlank;
    paper.svg.setAttribute("aria-label", `${root.dataset.title}: ${history.now.doodles.map((one) => line(canvas, eye, one)).join("; ") || root.dataset.nothing}`);
  }

  history.onChange((settled) => {
    show();
    if (!settled) return;
    field.value = history.text;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });

  function say(what) {
    const one = history.now.doodles[desk.chosen];
    said.textContent = `${said.dataset[what]} ${one && what !== "undone" && what !== "redone" ? line(canvas, eye, one) : ""}`.trim();
  }

  const act = (name) => root.querySelector(`[data-act=${name}]`);
  const acts = {
    undo: () => history.undo() && say("undone"),
    redo: () => history.redo() && say("redone"),
    clear: () => history.isBlank || (desk.choose(null), history.set({ doodles: [], strokes: [], note: "" }), say("cleared")),
    remove: () => (desk.remove(), part("findings").focus()),
    pen: () => use(desk.tool === "pen" ? "place" : "pen"),
    rub: () => use(desk.tool === "rub" ? "place" : "rub"),
    copy: () => {
      const other = otherEye();
      other.dispatchEvent(new CustomEvent("drawing:take", { detail: mirrored(history.now, canvas.mirrors ? -1 : 1) }));
      say("copied");
    },
  };

  function use(tool) {
    desk.tool = tool;
    if (tool !== "place" && desk.picked) (desk.picked = null), showPicked();
    for (const name of ["pen", "rub"]) act(name).setAttribute("aria-pressed", String(tool === name));
    root.dataset.tool = tool === "place" && desk.picked ? "picked" : tool;
  }

  // The other eye on the same canvas, nearest in the page; nothing that stands there is lost.
  function otherEye() {
    for (let scope = root.parentElement; scope; scope = scope.parentElement) {
      const found = scope.querySelector(`[data-drawing][data-canvas=${canvas.code}][data-eye=${eye === "R" ? "L" : "R"}]`);
      if (found) return found;
    }
    return null;
  }

  root.addEventListener("drawing:take", ({ detail }) => {
    const has = new Set(history.now.doodles.map((one) => JSON.stringify(tidy(one))));
    const strokes = new Set(history.now.strokes.map((one) => JSON.stringify(one)));
    history.set({
      doodles: [...history.now.doodles, ...detail.doodles.filter((one) => !has.has(JSON.stringify(one)))],
      strokes: [...history.now.strokes, ...detail.strokes.filter((one) => !strokes.has(JSON.stringify(one)))],
    });
  });

  root.addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.());
  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target === note) return;
    const key = event.key.toLowerCase();
    const name = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
    if (!name) return;
    event.preventDefault();
    acts[name]();
  });
  note.addEventListener("input", (event) => event.stopPropagation());
  note.addEventListener("change", (event) => {
    event.stopPropagation();
    history.set({ note: note.value });
  });

  act("copy").hidden = !otherEye();
  root.classList.add("is-live");
  use("place");
  show();
}
