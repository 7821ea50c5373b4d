// What is known: applied from the feed, told to the views once a frame.

const keptSpans = 256;
const keptLines = 300;

export class Store {
  environments = new Map();
  functions = [];
  freezeMethod = '';
  figures = {};
  log = [];
  selected = null;
  #function = null;
  #clockAhead = 0;
  #listeners = [];
  #changes = null;

  /** The server's clock, in milliseconds of the Unix epoch. */
  now() {
    return Date.now() + this.#clockAhead;
  }

  /** Which function's environments and figures are shown; null for all. */
  get function() {
    return this.#function;
  }

  set function(name) {
    this.#function = name;
    this.#tell({ everything: true });
  }

  /** The environments that are shown, oldest first. */
  shown() {
    const all = [...this.environments.values()];
    return this.#function ? all.filter((environment) => environment.function === this.#function) : all;
  }

  select(id) {
    if (this.selected === id) return;
    this.selected = id;
    this.#tell({ selection: true });
  }

  /** Calls back with { everything, environments, gone, lines, figures, selection } once a frame. */
  listen(listener) {
    this.#listeners.push(listener);
  }

  applySnapshot(data) {
    this.#clockAhead = data.now - Date.now();
    this.functions = data.functions;
    this.freezeMethod = data.freezeMethod;
    this.figures = data.figures;
    this.environments = new Map(data.environments.map((environment) => [environment.id, environment]));
    this.log = data.log;
    if (!this.environments.has(this.selected)) this.selected = null;
    this.#tell({ everything: true });
  }

  applyUpdate(data) {
    this.#clockAhead = data.now - Date.now();
    for (const environment of data.environments) {
      const known = this.environments.get(environment.id);
      if (known) environment.spans = joinSpans(known.spans, environment.spans);
      this.environments.set(environment.id, environment);
    }
    for (const id of data.gone ?? []) {
      this.environments.delete(id);
      if (this.selected === id) this.select(null);
    }
    if (data.figures) this.figures = data.figures;
    const last = this.log.at(-1)?.n ?? 0;
    const lines = (data.log ?? []).filter((line) => line.n > last);
    if (lines.length > 0) this.log = [...this.log, ...lines].slice(-keptLines);
    this.#tell({ environments: data.environments, gone: data.gone ?? [], lines, figures: Boolean(data.figures) });
  }

  #tell(news) {
    if (!this.#changes) {
      this.#changes = { everything: false, environments: new Map(), gone: new Set(), lines: [], figures: false, selection: false };
      requestAnimationFrame(() => {
        const changes = this.#changes;
        this.#changes = null;
        for (const listener of this.#listeners) listener(changes);
      });
    }
    const changes = this.#changes;
    changes.everything ||= Boolean(news.everything);
    changes.selection ||= Boolean(news.selection);
    changes.figures ||= Boolean(news.figures);
    for (const environment of news.environments ?? []) changes.environments.set(environment.id, environment);
    for (const id of news.gone ?? []) changes.gone.add(id);
    changes.lines.push(...(news.lines ?? []));
  }
}

// After a snapshot the next update may tell some again.
function joinSpans(known, news) {
  const last = known.at(-1)?.[1] ?? 0;
  const joined = known.concat(news.filter(([phase, start]) => start > last || (start === last && phase !== known.at(-1)[0])));
  return joined.length > keptSpans ? joined.slice(-keptSpans) : joined;
}
