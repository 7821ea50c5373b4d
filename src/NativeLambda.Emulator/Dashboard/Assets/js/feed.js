// The live feed: Server-Sent Events, connected again by the browser where it can and by hand where it cannot; closed while nobody looks.

export class Feed {
  #source = null;
  #retry = 0;

  /** @param on what to call: snapshot(data), update(data), state('live' | 'connecting' | 'paused') */
  constructor(url, on) {
    this.url = url;
    this.on = on;
    document.addEventListener('visibilitychange', () => (document.hidden ? this.#pause() : this.open()));
  }

  open() {
    if (this.#source) return;
    clearTimeout(this.#retry);
    const source = new EventSource(this.url);
    this.#source = source;
    this.on.state('connecting');
    source.addEventListener('snapshot', (event) => this.on.snapshot(JSON.parse(event.data)));
    source.addEventListener('update', (event) => this.on.update(JSON.parse(event.data)));
    source.addEventListener('open', () => this.on.state('live'));
    source.addEventListener('error', () => {
      this.on.state('connecting');
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again
      this.#source = null;
      this.#retry = setTimeout(() => this.open(), 2000);
    });
  }

  #pause() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
    this.on.state('paused');
  }
}
