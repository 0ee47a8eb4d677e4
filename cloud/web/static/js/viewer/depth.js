// Pictures that hold more than a byte: the shades as they are stored, and which of them are black and white.
const KEPT = 6; // frames with all their shades in memory
const STORED = 65536;

export class Depth {
  constructor() {
    Object.assign(this, { window: null, hrefs: new Map(), files: new Map() });
  }

  tell({ depth, held }) {
    this.about = depth;
    for (const { number, href, width, height } of held ?? []) this.hrefs.set(number, { href, width, height });
  }

  get there() {
    return Boolean(this.about) && this.hrefs.size > 0;
  }

  async file(number) {
    if (!this.files.has(number)) {
      const coming = fetch(this.hrefs.get(number).href).then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.arrayBuffer();
      });
      coming.catch(() => this.files.delete(number));
      this.files.set(number, coming.then((bytes) => new Uint16Array(bytes)));
      if (this.files.size > KEPT) this.files.delete(this.files.keys().next().value);
    }
    return this.files.get(number);
  }

  // A frame through the window that is open, or null where there is nothing to look through.
  async drawn(number) {
    if (!this.window || !this.hrefs.has(number)) return null;
    const { width, height } = this.hrefs.get(number);
    const stored = await this.file(number);
    const table = this.table(this.window);
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let at = 0; at < pixels.length; at += 1) pixels[at] = table[stored[at]];
    return image;
  }

  // What the screen shows for each stored shade.
  table([low, high]) {
    const { slope, beside, inverted } = this.about;
    const grey = (stored) => {
      const shade = Math.min(255, Math.max(0, Math.round(((stored * slope + beside - low) * 255) / Math.max(high - low, 1e-9))));
      return inverted ? 255 - shade : shade;
    };
    return Uint32Array.from({ length: STORED }, (_, stored) => (0xff000000 | (grey(stored) * 0x010101)) >>> 0);
  }

  // The lowest and the highest value of a frame.
  async occurs(number) {
    const { slope, beside } = this.about;
    let [low, high] = [STORED, 0];
    for (const stored of await this.file(number)) {
      if (stored < low) low = stored;
      if (stored > high) high = stored;
    }
    const ends = [low, high].map((stored) => stored * slope + beside);
    return [Math.min(...ends), Math.max(...ends)];
  }
}
