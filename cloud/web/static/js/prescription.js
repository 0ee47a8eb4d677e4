// A prescription typed by keyboard: + and − step, arrows change the eye, Enter goes on and never signs; saves itself.
const STEP = 0.25;
const PAUSE = 700;
const FIGURE = /^[+-]?\d+(\.\d+)?$/;
const form = document.getElementById("rx") ?? document.querySelector(".rx-form");

const plain = (text) => text.trim().replaceAll("−", "-").replace(",", ".");
const written = (value) => (value < 0 ? "-" : "+") + Math.abs(value).toFixed(Math.round(Math.abs(value) * 1000) % 10 ? 3 : 2);
const powered = (field) => ["sphere", "cylinder", "power"].includes(field.dataset?.kind);

form?.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Enter" && field.matches("input, select")) return goOn(event, field);
  if ((event.key === "ArrowUp" || event.key === "ArrowDown") && field.matches("input.rx-cell")) return otherEye(event, field);
  if ((event.key === "+" || event.key === "-") && powered(field)) return step(event, field);
  if (/^[\d.]$/.test(event.key) && field.dataset.sign) startOver(field);
  delete field.dataset.sign;
});

function goOn(event, field) {
  event.preventDefault();
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((one) => one.offsetParent);
  fields[fields.indexOf(field) + 1]?.focus();
}

function otherEye(event, field) {
  const other = field.name.startsWith("right_") ? field.name.replace("right_", "left_") : field.name.replace("left_", "right_");
  const there = form.elements[other];
  if (!there || there === field) return;
  event.preventDefault();
  there.focus();
  there.select();
}

// A field that was tabbed into is selected whole: a sign steps it, and a figure right after that sign begins a new number.
function step(event, field) {
  const typed = plain(field.value).toLowerCase();
  const none = ["plano", "pl", "ds", "0", "0.00"].includes(typed);
  if (!none && !FIGURE.test(typed)) return;
  event.preventDefault();
  const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
  const next = (none ? 0 : Number(typed)) + (event.key === "+" ? STEP : -STEP);
  field.value = next === 0 ? zero(field) : written(next);
  field.select();
  if (whole) field.dataset.sign = event.key;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function startOver(field) {
  field.value = field.dataset.sign;
  field.setSelectionRange(1, 1);
}

const zero = (field) => ({ sphere: "plano", cylinder: "DS" })[field.dataset.kind] ?? "";

form?.addEventListener("change", (event) => {
  const field = event.target;
  if (field.dataset.kind) field.value = tidied(field);
});

// Only how it is written changes, never what: a sphere without a sign stays so, and is asked about.
function tidied(field) {
  const typed = plain(field.value);
  if (!typed) return "";
  if (field.dataset.kind === "axis") return /^\d{1,3}$/.test(typed) ? String(Number(typed) || 180).padStart(3, "0") : typed;
  if (!powered(field)) return typed;
  if (/^(p|pl|plan|plano)$/i.test(typed)) return zero(field);
  if (/^(ds|sph)$/i.test(typed)) return "DS";
  if (!FIGURE.test(typed)) return typed;
  let value = Number(typed);
  if (/^[+-]?[1-9]\d{1,3}$/.test(typed) && Math.abs(value) >= 25) value /= 100;
  if (value === 0) return zero(field);
  if (/^[+-]/.test(typed)) return written(value);
  if (field.dataset.kind === "sphere") return Math.abs(value).toFixed(2);
  if (field.dataset.kind === "cylinder") return written(form.elements.form?.value === "plus" ? value : -value);
  return written(value);
}

if (form?.matches("[data-saves]")) {
  let waiting;
  const soon = (event) => {
    if (event.target.matches("[data-reason]") && event.type === "input") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => form.dispatchEvent(new Event("rechecks")), PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  // What is signed or discarded takes no later save.
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    htmx.trigger(form, "htmx:abort");
    form.removeEventListener("input", soon);
    form.removeEventListener("change", soon);
  });
  document.addEventListener("htmx:afterSwap", mark);
  mark();
}

// The finding stands beside the field too.
function mark() {
  for (const field of form.querySelectorAll(".is-flagged, .is-asked")) field.classList.remove("is-flagged", "is-asked");
  for (const finding of document.querySelectorAll("#checks [data-place]")) {
    const field = form.elements[finding.dataset.place];
    if (!field?.classList || finding.matches(".rx-remark")) continue;
    field.classList.add(finding.matches(".rx-refuse") ? "is-flagged" : "is-asked");
  }
  if (document.querySelector("#checks .rx-checks-head [data-saved]")) form.querySelector("[data-discards]")?.removeAttribute("hidden");
}
