// Improves the kiosk and one's own place in the queue; each works without it.
const IDLE_S = 30;
const WARN_S = 10;
const POLL_MS = 5_000;

document.querySelector("#trouble")?.focus();

// Nobody touches it for a while: the start again, for whoever comes next. The last seconds are counted down.
const idle = document.querySelector("[data-idle]");
if (idle) {
  const says = idle.querySelector("[data-left]");
  let since = Date.now();
  const touched = () => {
    since = Date.now();
    says.hidden = true;
  };
  for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, touched);
  setInterval(() => {
    const left = IDLE_S - Math.floor((Date.now() - since) / 1000);
    if (left <= 0) return location.replace(idle.dataset.idle);
    says.hidden = left > WARN_S || !says.dataset.says;
    says.textContent = says.dataset.says.replace("{}", String(left));
  }, 500);
}

// A scanner types and presses Enter: that sends nothing, it goes on to what is still empty.
const scan = document.querySelector("[data-scan]");
scan?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const empty = [...document.querySelectorAll("[data-digits]")].find((field) => !field.value);
  if (!empty) return;
  event.preventDefault();
  empty.focus();
});

// Digits without a keyboard: they go into the field that was touched last, and on to the next when it is full.
const keypad = document.querySelector("[data-keypad]");
if (keypad) {
  const fields = [...document.querySelectorAll("[data-digits], #who")];
  let at = fields.find((field) => field.dataset.digits !== undefined && !field.value) ?? fields[0];
  keypad.hidden = false;
  for (const field of fields) field.addEventListener("focus", () => (at = field));
  keypad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-digit]");
    if (!key) return;
    if (key.dataset.digit === "") at.value = at.value.slice(0, -1);
    else if (at.value.length < at.maxLength) at.value += key.dataset.digit;
    if (key.dataset.digit && at.value.length === at.maxLength) at = fields[fields.indexOf(at) + 1] ?? at;
  });
}

// One's own place: asked anew, changed where it is another, and told where it cannot be asked.
const place = document.querySelector("[data-polls]");
if (place) {
  const lost = document.querySelector("[data-lost]");
  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.polls, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      show((await answer.text()).trim());
      lost.hidden = true;
    } catch {
      lost.hidden = false;
    }
    if (!place.querySelector("[data-over]")) setTimeout(ask, POLL_MS);
  };
  let shown = place.innerHTML.trim();
  const show = (html) => {
    if (html === shown) return;
    const was = place.querySelector("[data-state]")?.dataset.state;
    place.innerHTML = shown = html;
    const becomes = place.querySelector("[data-state]")?.dataset.state;
    if (becomes === "called" && was !== "called") navigator.vibrate?.([300, 200, 300]);
    if (place.querySelector("[data-over]")) location.reload();
  };
  setTimeout(ask, POLL_MS);
}
