// Shows the last calls and says when a call was drawn. It asks again as long as it is open, and keeps what it showed
// while the gateway is away or has forgotten.
const { screen: name, news, shown } = document.documentElement.dataset;
const list = document.querySelector("#calls");
const [nobody, lost, clock] = ["#nobody", "#lost", "#clock"].map((one) => document.querySelector(one));
const LAST = 6, BLINKS = 5000, PATIENCE = 30000, FORGOTTEN = 6 * 3600 * 1000;
const drawn = new Set();
let version = "none", kept = [];

const part = (kind, text) => Object.assign(document.createElement("span"), { className: kind, textContent: text });

function row(call) {
  const line = document.createElement("li");
  const place = part("place", "");
  place.append(...call.place.map((one) => part("name", one)));
  line.className = Date.now() - call.came < BLINKS ? "call fresh" : "call";
  line.dataset.key = call.key;
  line.append(part("ticket", call.ticket), ...(call.who ? [part("who", call.who)] : []), place);
  return line;
}

// What is there stays as it is: a row that is made anew would blink again.
function draw() {
  const there = new Map([...list.children].map((one) => [one.dataset.key, one]));
  list.replaceChildren(...kept.map((call) => there.get(call.key) ?? row(call)));
  nobody.hidden = kept.length > 0;
}

function take(calls) {
  const fresh = calls.map((call) => ({ ...call, key: `${call.call}/${call.turn}` }));
  const known = new Map(kept.map((call) => [call.key, call]));
  for (const call of fresh) call.came = known.get(call.key)?.came ?? (call.asks ? Date.now() : 0);
  const ids = new Set(fresh.map((call) => call.call));
  kept = [...fresh, ...kept.filter((call) => !ids.has(call.call))].slice(0, LAST);
  draw();
  return fresh.filter((call) => call.asks);
}

const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

async function answer(call) {
  if (drawn.has(call.key)) return;
  const said = new URLSearchParams({ screen: name, call: call.call, turn: call.turn });
  const answered = await fetch(shown, { method: "POST", body: said, headers: { "X-Emmetra-Screen": "1" } });
  if (answered.ok) drawn.add(call.key);
}

async function look() {
  let pause = 0;
  try {
    const asked = await fetch(`${news}${encodeURIComponent(name)}/${version}`, { signal: AbortSignal.timeout(PATIENCE) });
    if (!asked.ok) throw new Error(asked.statusText);
    const said = await asked.json();
    version = said.version;
    const asks = take(said.calls);
    lost.hidden = true;
    if (asks.length) await painted();
    await Promise.all(asks.map(answer));
  } catch {
    lost.hidden = false;
    pause = 1000;
  }
  setTimeout(look, pause);
}

function tick() {
  clock.textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  setTimeout(tick, 60000 - (Date.now() % 60000));
}

tick();
look();
