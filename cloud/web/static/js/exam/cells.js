// The cells of the record: what each holds as text, and the keys that work in them.
import { legible, stepped, tidy } from "./figures.js";

export const cells = (root) => [...root.querySelectorAll("[data-place]")];

export function entered(cell) {
  if (cell.dataset.kind === "choices") return [...cell.querySelectorAll("input:checked")].map((box) => box.value).join(",");
  if (cell.dataset.kind === "drawing") return drawn(cell.querySelector("[data-drawing] input[type=hidden]"));
  if (cell.dataset.kind === "code") return cell.dataset.code ?? "";
  return cell.value;
}

function drawn(input) {
  const sheet = input?.value ? JSON.parse(input.value) : {};
  return sheet.doodles?.length || sheet.strokes?.length || sheet.note ? input.value : "";
}

export function show(cell, text, words) {
  if (cell.dataset.kind === "choices") pick(cell, text.split(","));
  else if (cell.dataset.kind === "code") Object.assign(cell, { value: words ?? "" }).dataset.code = text;
  else if (cell.dataset.kind !== "drawing") cell.value = legible(cell.dataset.kind, text);
  if (cell.tagName === "TEXTAREA") grow(cell);
}

function pick(cell, codes) {
  for (const box of cell.querySelectorAll("input")) box.checked = codes.includes(box.value);
  tellPicked(cell);
}

export function tellPicked(cell) {
  const words = [...cell.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
  const place = cell.querySelector("[data-picked]");
  place.textContent = words.join(", ") || place.dataset.saysNone;
  cell.classList.toggle("is-picked", words.length > 0);
}

// Some choices stand alone: "none" beside anything else would say nothing.
export function alone(cell, box) {
  if (!box.checked) return;
  const others = [...cell.querySelectorAll("input:checked")].filter((one) => one !== box);
  for (const other of others) if ("alone" in box.dataset || "alone" in other.dataset) other.checked = false;
}

export function grow(area) {
  area.rows = Math.min(12, Math.max(1, area.value.split("\n").length));
}

// What unfolds is reached by its summary.
export const focus = (cell) => (cell?.querySelector?.(":scope > summary") ?? cell)?.focus();

export const figure = (cell) => ["power", "axis", "number"].includes(cell.dataset.kind);

export function tidied(cell) {
  if (cell.tagName !== "INPUT" || cell.dataset.kind === "code") return;
  const better = tidy(cell.dataset.kind, cell.dataset.field, cell.value);
  if (better !== cell.value) cell.value = better;
}

// On a value that stands, + and − step it; while one is being typed they are its sign.
export function sign(cell, event, changed) {
  if (!figure(cell) || !["+", "-"].includes(event.key)) return;
  const by = event.key === "+" ? 1 : -1;
  const stands = cell.value && !cell.dataset.typing;
  if (stands) {
    const next = stepped(cell.dataset.kind, cell.dataset.field, cell.value, cell.dataset.step, by);
    if (next === null) return;
    event.preventDefault();
    cell.value = next;
    cell.select();
    changed(cell);
  } else if (cell.dataset.kind === "power" && /\d/.test(cell.value)) {
    event.preventDefault();
    cell.value = (by < 0 ? "-" : "+") + cell.value.replace(/^[+−-]/, "");
    changed(cell);
  }
}

// Arrows go between rows, Enter on to the next cell; neither ever signs.
export function move(cell, event, all) {
  if (event.key === "Enter" && cell.tagName !== "TEXTAREA" && cell.tagName !== "DETAILS") {
    event.preventDefault();
    focus(all[all.indexOf(cell) + (event.shiftKey ? -1 : 1)]);
  }
  if (!["ArrowUp", "ArrowDown"].includes(event.key) || cell.tagName !== "INPUT" || cell.dataset.kind === "code") return;
  const row = cell.closest("tr");
  const at = row && [...row.cells].indexOf(cell.closest("td"));
  let next = row;
  do next = event.key === "ArrowUp" ? next?.previousElementSibling : next?.nextElementSibling;
  while (next && !next.cells[at]?.querySelector("[data-place]"));
  if (!next) return;
  event.preventDefault();
  focus(next.cells[at].querySelector("[data-place]"));
}
