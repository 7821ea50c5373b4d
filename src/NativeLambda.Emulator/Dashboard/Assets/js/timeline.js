// The phases over time, a row for each environment, on one canvas that draws only the rows in sight.
// A phase is told by its height as well as its colour: busy fills the row, frozen is a thin line.
import { byId } from './dom.js';
import { shortId } from './format.js';
import { phases } from './phases.js';

const axis = 18;
const labels = 40;
const frame = 100;
const slowFrame = 1000;

export class Timeline {
  #canvas = byId('timeline');
  #scroll = byId('timeline-scroll');
  #space = byId('timeline-space');
  #colours = {};
  #pending = false;
  #last = 0;
  #visible = true;
  #still = matchMedia('(prefers-reduced-motion: reduce)');

  constructor(store) {
    this.store = store;
    this.readColours();
    new ResizeObserver(() => this.#draw()).observe(this.#scroll);
    new IntersectionObserver(([entry]) => { this.#visible = entry.isIntersecting; }).observe(this.#scroll);
    this.#scroll.addEventListener('scroll', () => this.#request());
    this.#scroll.addEventListener('click', (event) => this.#choose(event));
    byId('span').addEventListener('change', () => this.#draw());
    store.listen((changes) => {
      if (changes.everything || changes.selection) this.#request();
    });
    requestAnimationFrame((now) => this.#tick(now));
  }

  /** The colours as the scheme has them now. */
  readColours() {
    const probe = document.createElement('span');
    document.body.append(probe);
    const read = (name) => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    for (const name of [...Object.keys(phases), 'ink', 'muted', 'line', 'raised', 'panel']) this.#colours[name] = read(name);
    probe.remove();
    this.#request();
  }

  #tick(now) {
    const wait = this.#still.matches ? slowFrame : frame;
    if (this.#visible && now - this.#last >= wait) {
      this.#last = now;
      this.#draw();
    }
    requestAnimationFrame((next) => this.#tick(next));
  }

  #request() {
    if (this.#pending) return;
    this.#pending = true;
    requestAnimationFrame(() => {
      this.#pending = false;
      this.#draw();
    });
  }

  #rowHeight(rows) {
    return rows <= 16 ? 18 : rows <= 60 ? 14 : 11;
  }

  #choose(event) {
    const rows = this.#rows();
    const y = event.clientY - this.#scroll.getBoundingClientRect().top + this.#scroll.scrollTop - axis;
    const environment = rows[Math.floor(y / this.#rowHeight(rows.length))];
    if (environment) this.store.select(environment.id);
  }

  #rows() {
    return this.store.shown();
  }

  #draw() {
    const rows = this.#rows();
    const height = this.#rowHeight(rows.length);
    const total = axis + Math.max(1, rows.length) * height + 4;
    this.#space.style.height = `${total}px`;
    const width = this.#scroll.clientWidth;
    const seen = Math.min(total, this.#scroll.clientHeight || total);
    const ratio = devicePixelRatio || 1;
    const canvas = this.#canvas;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(seen * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(seen * ratio);
      canvas.style.height = `${seen}px`;
    }
    const pen = canvas.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, seen);
    pen.font = '10px ui-monospace, "DejaVu Sans Mono", monospace';
    pen.textBaseline = 'middle';
    const span = Number(byId('span').value) * 1000;
    const now = this.store.now();
    const x = (moment) => labels + (width - labels - 2) * (1 - (now - moment) / span);
    const top = this.#scroll.scrollTop;
    const first = Math.max(0, Math.floor((top - axis) / height));
    for (let row = first; row < rows.length; row++) {
      const y = axis + row * height - top;
      if (y > seen) break;
      this.#drawRow(pen, rows[row], { y, height, width, x, from: now - span, now });
    }
    this.#drawAxis(pen, { width, seen, span, x, now });
  }

  #drawRow(pen, environment, { y, height, width, x, from, now }) {
    const chosen = environment.id === this.store.selected;
    if (chosen) {
      pen.fillStyle = this.#colours.raised;
      pen.fillRect(0, y, width, height);
    }
    pen.fillStyle = chosen ? this.#colours.ink : this.#colours.muted;
    pen.fillText(`${chosen ? '›' : ' '}${shortId(environment.id)}`, 2, y + height / 2 + 0.5);
    const room = height - 3;
    const { spans } = environment;
    for (let index = spans.length - 1; index >= 0; index--) {
      const [phase, start] = spans[index];
      const end = spans[index + 1]?.[1] ?? now;
      const bar = phases[phase].height * room;
      if (bar > 0 && end >= from) {
        const left = x(Math.max(start, from));
        // What is over in a millisecond shall be seen as well.
        const long = Math.max(phase === 'frozen' ? 0.5 : 1.5, x(end) - left);
        pen.fillStyle = this.#colours[phase];
        pen.globalAlpha = phase === 'frozen' ? 0.6 : 1; // most of the time: it should not be loud
        pen.fillRect(left, y + (height - Math.max(1.5, bar)) / 2, long, Math.max(1.5, bar));
        pen.globalAlpha = 1;
      }
      if (start < from) break;
    }
  }

  #drawAxis(pen, { width, seen, span, x, now }) {
    pen.fillStyle = this.#colours.panel;
    pen.fillRect(0, 0, width, axis - 2);
    const step = span <= 15_000 ? 5000 : span <= 60_000 ? 15_000 : 60_000;
    pen.strokeStyle = this.#colours.line;
    pen.lineWidth = 1;
    for (let back = 0; back <= span; back += step) {
      const at = Math.round(x(now - back)) - 0.5;
      pen.beginPath();
      pen.moveTo(at, axis - 3);
      pen.lineTo(at, seen);
      pen.globalAlpha = 0.6;
      pen.stroke();
      pen.globalAlpha = 1;
      const text = back === 0 ? 'now' : `−${back / 1000} s`;
      pen.fillStyle = this.#colours.muted;
      pen.textAlign = back === 0 ? 'right' : back === span ? 'left' : 'center';
      pen.fillText(text, at, axis / 2 - 1);
    }
    pen.textAlign = 'left';
  }
}
