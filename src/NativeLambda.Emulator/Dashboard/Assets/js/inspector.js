// One environment: its facts, its last phases, and what can be done to it.
import { press, post } from './api.js';
import { byId, make, setAttribute, setText } from './dom.js';
import { duration, shortId, time } from './format.js';
import { makeIcon, phases } from './phases.js';

const rows = 8;
const controls = {
  freeze: { doing: 'Freezing', done: 'frozen', fits: (e) => ['idle', 'busy', 'reopening', 'init'].includes(e.phase) },
  thaw: { doing: 'Thawing', done: 'thawed', fits: (e) => ['frozen', 'held'].includes(e.phase) },
  shutdown: { doing: 'Shutting down', done: 'shut down', fits: (e) => !['stopping', 'dead'].includes(e.phase) },
  kill: { doing: 'Killing', done: 'killed', fits: (e) => e.phase !== 'dead' },
  terminate: { doing: 'Terminating the backend of', done: 'backend terminated', fits: (e) => Boolean(e.backend) },
};

export class Inspector {
  constructor(store, say) {
    this.store = store;
    for (const button of document.querySelectorAll('[data-control]')) {
      button.addEventListener('click', () => this.#control(button, say));
    }
    store.listen((changes) => {
      if (changes.everything || changes.selection || changes.environments.has(store.selected)) this.#render();
    });
    setInterval(() => this.#render(), 1000); // what lasts goes on lasting
  }

  #control(button, say) {
    // It may be unfit by now; it stays focusable, so that the keyboard does not lose its place.
    if (button.getAttribute('aria-disabled') === 'true') return;
    const id = this.store.selected;
    const name = button.dataset.control;
    const { doing, done } = controls[name];
    press(button, say, `${doing} ${shortId(id)}`, async () => {
      if (name === 'terminate') await post('database/terminate', { environment: id });
      else await post(`environments/${id}/${name}`);
      return `${shortId(id)}: ${done}`;
    });
  }

  #render() {
    const environment = this.store.environments.get(this.store.selected);
    const box = byId('inspector');
    // Who stood on one of its buttons goes back to the cells.
    if (!environment && box.contains(document.activeElement)) (document.querySelector('.cell[tabindex="0"]') ?? byId('start')).focus();
    box.hidden = !environment;
    byId('inspector-empty').hidden = Boolean(environment);
    if (!environment) return;
    const badge = byId('inspector-phase');
    if (badge.dataset.phase !== environment.phase) {
      badge.replaceChildren(makeIcon(environment.phase), phases[environment.phase].label);
      badge.dataset.phase = environment.phase;
    }
    setText(byId('inspector-id'), environment.id);
    for (const button of document.querySelectorAll('[data-control]')) {
      setAttribute(button, 'aria-disabled', !controls[button.dataset.control].fits(environment));
    }
    this.#facts(environment);
    this.#phases(environment);
  }

  #facts(environment) {
    const facts = [
      ['Function', environment.function],
      ['Process', environment.pid ? String(environment.pid) : 'none'],
      ['Backend', environment.backend ? String(environment.backend) : environment.backendLost ? 'lost' : 'none known'],
      ['Backend reopened', `${environment.reopens} ×`],
      ['Invocations', String(environment.invocations)],
      ['Processes started', String(environment.processes)],
      ['Init', duration(environment.initMs)],
      ['Last duration', duration(environment.lastMs)],
    ];
    const list = byId('inspector-facts');
    if (list.childElementCount === 0) {
      list.append(...facts.flatMap(([name]) => [make('dt', {}, name), make('dd')]));
    }
    facts.forEach(([, value], index) => setText(list.children[2 * index + 1], value));
  }

  #phases(environment) {
    const spans = environment.spans.slice(-rows);
    const now = this.store.now();
    byId('inspector-phases').replaceChildren(...spans.map(([phase, start], index) => {
      const end = spans[index + 1]?.[1] ?? now;
      const name = make('span', { 'data-phase': phase }, makeIcon(phase), phases[phase].label);
      return make('tr', {}, make('td', {}, name), make('td', {}, time(start)), make('td', {}, duration(Math.max(0, end - start))));
    }).reverse());
  }
}
