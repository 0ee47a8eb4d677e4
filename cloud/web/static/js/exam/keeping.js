// Whatever is typed is on its way within a second, and stays in this browser until the server has it.
const IDLE_MS = 350;
const LONGEST_MS = 800;
const AGAIN_MS = 2000;

export class Keeping {
  constructor({ address, encounter, token, onState, onShow }) {
    Object.assign(this, { address, token, onState, onShow });
    this.shelf = `emmetra.exam.${encounter}`;
    this.waiting = new Map();
    this.first = 0;
    this.timer = 0;
    this.sending = null;
  }

  // What an earlier page typed and could not send any more.
  recover() {
    try {
      const left = JSON.parse(localStorage.getItem(this.shelf) ?? "[]");
      for (const change of left) this.waiting.set(change.place, change);
    } catch {
      localStorage.removeItem(this.shelf);
    }
    if (this.waiting.size) this.flush();
    return [...this.waiting.values()];
  }

  add(change) {
    this.waiting.set(change.place, change);
    this.shelve();
    this.onShow("saving");
    this.first ||= Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.max(0, Math.min(IDLE_MS, this.first + LONGEST_MS - Date.now())));
  }

  shelve() {
    try {
      if (this.waiting.size) localStorage.setItem(this.shelf, JSON.stringify([...this.waiting.values()]));
      else localStorage.removeItem(this.shelf);
    } catch {
      // a full or forbidden store costs only the safety net
    }
  }

  async flush() {
    clearTimeout(this.timer);
    while (this.sending) await this.sending;
    if (!this.waiting.size) return true;
    this.sending = this.send([...this.waiting.values()]);
    const kept = await this.sending;
    this.sending = null;
    return kept && (this.waiting.size ? this.flush() : true);
  }

  async send(changes) {
    this.onShow("saving");
    this.first = 0;
    let response;
    try {
      response = await this.ask("PUT", this.address, { changes });
    } catch {
      return this.later();
    }
    if (response.status >= 500) return this.later();
    if (response.status === 401) return this.later("signed-out");
    for (const change of changes) if (this.waiting.get(change.place) === change) this.waiting.delete(change.place);
    this.shelve();
    return this.answered(response);
  }

  ask(method, address, body) {
    const headers = { "X-CSRFToken": this.token, Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    return fetch(address, { method, headers, body: body && JSON.stringify(body), keepalive: method === "PUT" && JSON.stringify(body).length < 60_000 });
  }

  later(why = "kept") {
    this.onShow(why);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), AGAIN_MS);
    return false;
  }

  async answered(response) {
    if (response.ok) {
      this.onState(await response.json());
      return true;
    }
    const said = await response.json().catch(() => ({}));
    this.onShow("refused", said.words ?? "", response.status);
    return false;
  }

  // A deed other than typing: everything typed goes first.
  async deed(address, body) {
    await this.flush();
    try {
      return await this.answered(await this.ask("POST", address, body));
    } catch {
      this.onShow("kept");
      return false;
    }
  }
}
