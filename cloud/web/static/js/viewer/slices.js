// The frames of one picture: those around the one being looked at are decoded before they are asked for, the rest is
// fetched when there is nothing else to do.
const DECODED_AROUND = 16;
const AT_ONCE = 4;

export class Slices {
  constructor() {
    this.hrefs = new Map();
    this.files = new Map();
    this.bitmaps = new Map();
    this.under = new Set();
    this.at = 0;
  }

  tell(frames) {
    for (const { number, href } of frames) this.hrefs.set(number, href);
    this.more();
  }

  has(number) {
    return this.hrefs.has(number);
  }

  // Decoded already, or null.
  now(number) {
    return this.bitmaps.get(number) ?? null;
  }

  async get(number) {
    this.at = number;
    const found = this.bitmaps.get(number) ?? (await this.decode(number));
    this.more();
    return found;
  }

  file(number) {
    if (!this.files.has(number)) {
      const coming = fetch(this.hrefs.get(number)).then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.blob();
      });
      coming.catch(() => this.files.delete(number));
      this.files.set(number, coming);
    }
    return this.files.get(number);
  }

  async decode(number) {
    const bitmap = await createImageBitmap(await this.file(number));
    this.bitmaps.set(number, bitmap);
    this.forget();
    return bitmap;
  }

  forget() {
    for (const [number, bitmap] of this.bitmaps) {
      if (Math.abs(number - this.at) <= 2 * DECODED_AROUND) continue;
      this.bitmaps.delete(number);
      bitmap.close();
    }
  }

  // The nearest that is not there yet, near ones decoded, far ones only fetched.
  next() {
    const waiting = [...this.hrefs.keys()].filter((number) => !this.under.has(number) && this.lacks(number));
    return waiting.sort((a, b) => Math.abs(a - this.at) - Math.abs(b - this.at))[0];
  }

  lacks(number) {
    return Math.abs(number - this.at) <= DECODED_AROUND ? !this.bitmaps.has(number) : !this.files.has(number);
  }

  more() {
    while (this.under.size < AT_ONCE) {
      const number = this.next();
      if (number === undefined) return;
      this.under.add(number);
      this.load(number);
    }
  }

  async load(number) {
    try {
      await (Math.abs(number - this.at) <= DECODED_AROUND ? this.decode(number) : this.file(number));
      this.under.delete(number);
      this.more();
    } catch {
      setTimeout(() => this.under.delete(number) && this.more(), 3000);
    }
  }
}
