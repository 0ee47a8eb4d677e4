// What was drawn, in words: a listbox beside the picture, and the fields of the chosen finding. Whoever cannot see
// or point does everything here.
import { at as placeAt, clamp, line, measured, polar } from "./places.js";
import { swatch } from "./paint.js";

const DISTANCE = 0.05;

export function list(desk, box, fields) {
  const { history, canvas } = desk;
  const inputs = Object.fromEntries([...fields.querySelectorAll("[data-field]")].map((one) => [one.dataset.field, one]));

  const item = (one, at) => {
    const row = document.createElement("li");
    Object.assign(row, { id: `${desk.id}-finding-${at}`, className: "finding-option" });
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(at === desk.chosen));
    row.append(swatch(desk.shapes, desk.sign(one.code)), Object.assign(document.createElement("span"), { textContent: line(canvas, desk.eye, one) }));
    row.dataset.item = at;
    return row;
  };

  // Before the focus moves: choosing draws the rows anew, and a click would land on a row that is gone.
  box.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("[data-item]");
    if (row) desk.choose(Number(row.dataset.item));
  });
  box.addEventListener("focus", () => desk.chosen == null && history.now.doodles.length && desk.choose(0));
  box.addEventListener("keydown", (event) => {
    const keys = { ArrowDown: () => desk.choose(next(1)), ArrowUp: () => desk.choose(next(-1)), Home: () => desk.choose(0), End: () => desk.choose(history.now.doodles.length - 1) };
    const one = history.now.doodles[desk.chosen];
    if (one) Object.assign(keys, changes(one));
    const act = event.ctrlKey || event.metaKey || event.altKey || !history.now.doodles.length ? null : keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });

  const next = (way) => clamp((desk.chosen ?? -1) + way, 0, history.now.doodles.length - 1);

  function changes(one) {
    const { hour, distance } = polar(one);
    const go = (part) => () => desk.change(part);
    const still = desk.sign(one.code).whole;
    const moves = still ? {} : {
      ArrowRight: go(placeAt((hour % 12) + 1, distance || DISTANCE)),
      ArrowLeft: go(placeAt(hour - 1, distance || DISTANCE)),
      PageUp: go(placeAt(hour, clamp(distance + DISTANCE, 0, 1.2))),
      PageDown: go(placeAt(hour, clamp(distance - DISTANCE, 0, 1.2))),
    };
    const grow = (by) => go({ size: clamp(one.size * by, 0.01, 1) });
    return { ...moves, "+": grow(1.15), "-": grow(1 / 1.15), Delete: desk.remove, Backspace: desk.remove, Enter: () => first().focus() };
  }

  const first = () => [...fields.querySelectorAll("input, select")].find((one) => one.offsetParent !== null);

  fields.addEventListener("change", (event) => {
    const one = history.now.doodles[desk.chosen];
    const name = event.target.dataset.field;
    event.stopPropagation();
    if (one && name) take(one, name, event.target);
  });
  fields.addEventListener("input", (event) => event.stopPropagation());
  fields.addEventListener("focusin", (event) => event.target.select?.());
  fields.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
      box.focus();
    }
  });

  function take(one, name, input) {
    const value = input.value === "" ? null : Number(input.value);
    const bad = Number.isNaN(value) || !input.checkValidity() || (value === null && !["grade", "count"].includes(name));
    if (bad) return fill();
    const { hour, distance } = polar(one);
    const known = desk.sign(one.code);
    const parts = {
      hour: () => placeAt(value, distance || DISTANCE),
      distance: () => placeAt(hour, value / 100),
      size: () => ({ size: clamp(known.unit ? value / canvas.perUnit : value / 100, 0.005, 1.2) }),
      turn: () => ({ turn: value }),
      grade: () => ({ grade: value }),
      count: () => ({ count: value }),
    };
    desk.change(parts[name]());
  }

  function fill() {
    const one = history.now.doodles[desk.chosen];
    fields.hidden = !one;
    if (!one) return;
    const known = desk.sign(one.code);
    const { hour, distance } = polar(one);
    const values = { hour, distance: Math.round(distance * 100), size: measured(canvas, known, one.size) ?? Math.round(one.size * 100), turn: one.turn ?? 0, grade: one.grade ?? "", count: one.count ?? "" };
    grades(inputs.grade, known.grade);
    const shown = { hour: !known.whole, distance: !known.whole, turn: !known.whole, grade: known.grade, count: known.count };
    for (const [name, input] of Object.entries(inputs)) {
      input.closest("label").hidden = name in shown && !shown[name];
      if (input.value !== String(values[name])) input.value = values[name];
    }
    fields.querySelector("[data-unit]").textContent = known.unit || "%";
    fields.querySelector("legend").textContent = known.words;
  }

  function grades(select, scale) {
    const key = JSON.stringify(scale);
    if (!scale || select.dataset.scale === key) return;
    select.dataset.scale = key;
    const steps = Math.round((scale.to - scale.from) / scale.step);
    const all = Array.from({ length: steps + 1 }, (_, at) => Math.round((scale.from + at * scale.step) * 10) / 10);
    select.replaceChildren(new Option("–", ""), ...all.map((grade) => new Option(grade, grade)));
  }

  return () => {
    const { doodles } = history.now;
    box.replaceChildren(...doodles.map(item));
    if (desk.chosen == null) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", `${desk.id}-finding-${desk.chosen}`);
    box.classList.toggle("is-empty", doodles.length === 0);
    fill();
  };
}
