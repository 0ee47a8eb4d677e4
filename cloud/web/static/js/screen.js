// A waiting-room screen: draws anew when it hears that the queue has changed, and says which calls it has drawn.
//
// Wire: default events of data-live mean "look again"; "beat" events that the line is there. What was drawn goes to
// data-shown as a JSON list of "call/turn". Whatever fails is tried again; the calls that stand stay on the wall.
const RETRY_MS = 3_000;
const QUIET_MS = 45_000;
const LOOK_MS = 20_000; // also without a word: somebody's five seconds are over

const told = document.body.dataset;
const calls = document.getElementById("calls");
const lost = document.getElementById("lost");
let heard = Date.now();
let drawing = false;
let again = false;
const said = new Set();

async function draw() {
  if (drawing) {
    again = true;
    return;
  }
  drawing = true;
  try {
    const answer = await fetch(told.part);
    if (!answer.ok) throw new Error(String(answer.status));
    calls.innerHTML = await answer.text();
    fresh();
    lost.hidden = true;
    await say();
  } catch {
    lost.hidden = false;
    setTimeout(draw, RETRY_MS);
  } finally {
    drawing = false;
    if (again) {
      again = false;
      draw();
    }
  }
}

function fresh() {
  for (const call of calls.querySelectorAll("[data-call]")) {
    const left = Number(told.fresh) - Number(call.dataset.age);
    if (left <= 0) continue;
    call.classList.add("fresh");
    setTimeout(() => call.classList.remove("fresh"), left * 1000);
  }
}

async function say() {
  const drawn = [...calls.querySelectorAll("[data-call]")].map(({ dataset }) => `${dataset.call}/${dataset.turn}`);
  if (drawn.every((one) => said.has(one))) return;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": told.csrf };
  const answer = await fetch(told.shown, { method: "POST", headers, body: JSON.stringify(drawn) });
  if (answer.ok) drawn.forEach((one) => said.add(one));
}

function listen() {
  const stream = new EventSource(told.live);
  stream.addEventListener("open", () => {
    heard = Date.now();
    draw();
  });
  stream.addEventListener("message", () => {
    heard = Date.now();
    draw();
  });
  stream.addEventListener("beat", () => {
    heard = Date.now();
  });
  stream.addEventListener("error", () => {
    lost.hidden = false;
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, RETRY_MS);
  });
}

function tick() {
  const clock = document.getElementById("clock");
  clock.textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  if (Date.now() - heard > QUIET_MS) lost.hidden = false;
}

setInterval(tick, 1000);
setInterval(draw, LOOK_MS);
fresh();
say();
listen();
