// The environments as cells: a list box with one tab stop, in which arrow keys move.
import { byId, make, setAttribute, setText } from './dom.js';
import { duration, shortId } from './format.js';
import { makeIcon, phases, showPhase } from './phases.js';

const densities = [[24, 'roomy'], [96, 'middle'], [Infinity, 'dense']];

export class Cells {
  #box = byId('environments');
  #cells = new Map();

  constructor(store) {
    this.store = store;
    this.#box.addEventListener('click', (event) => this.#choose(event.target.closest('.cell')));
    this.#box.addEventListener('keydown', (event) => this.#move(event));
    store.listen((changes) => this.#render(changes));
  }

  #render(changes) {
    if (changes.everything) this.#rebuild();
    for (const id of changes.gone) this.#remove(id);
    for (const environment of changes.environments.values()) {
      if (this.store.environments.get(environment.id) === environment) this.#show(environment);
    }
    const density = densities.find(([most]) => this.#cells.size <= most)[1];
    setAttribute(this.#box, 'data-density', density);
    for (const [id, cell] of this.#cells) setAttribute(cell.root, 'aria-selected', id === this.store.selected);
    this.#keepTabStop();
  }

  #rebuild() {
    const shown = this.store.shown();
    const ids = new Set(shown.map((environment) => environment.id));
    for (const id of [...this.#cells.keys()]) if (!ids.has(id)) this.#remove(id);
    for (const environment of shown) this.#show(environment);
  }

  #show(environment) {
    if (this.store.function && environment.function !== this.store.function) return;
    let cell = this.#cells.get(environment.id);
    if (!cell) {
      cell = makeCell(environment);
      this.#cells.set(environment.id, cell);
      this.#box.append(cell.root);
    }
    const { label } = phases[environment.phase];
    setAttribute(cell.root, 'data-phase', environment.phase);
    showPhase(cell.icon, environment.phase);
    setText(cell.name, label);
    setText(cell.backend, backend(environment));
    cell.backend.classList.toggle('lost', Boolean(environment.backendLost));
    setText(cell.invocations, `×${environment.invocations}`);
    setText(cell.last, duration(environment.lastMs));
  }

  #remove(id) {
    const cell = this.#cells.get(id);
    if (!cell) return;
    // Who stood on it stands on its neighbour.
    if (cell.root === document.activeElement) {
      const neighbour = cell.root.nextElementSibling ?? cell.root.previousElementSibling;
      this.#choose(neighbour);
    }
    cell.root.remove();
    this.#cells.delete(id);
  }

  #choose(root) {
    if (!root) return;
    this.store.select(root.dataset.id);
    for (const cell of this.#cells.values()) cell.root.tabIndex = cell.root === root ? 0 : -1;
    root.focus();
  }

  #keepTabStop() {
    const cells = [...this.#cells.values()];
    if (cells.length > 0 && !cells.some((cell) => cell.root.tabIndex === 0)) cells[0].root.tabIndex = 0;
  }

  #move(event) {
    const cells = [...this.#box.children];
    const at = cells.indexOf(document.activeElement);
    if (at < 0) return;
    const columns = cells.filter((cell) => cell.offsetTop === cells[0].offsetTop).length;
    const to = {
      ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + columns, ArrowUp: at - columns, Home: 0, End: cells.length - 1,
      Enter: at, ' ': at,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#choose(cells[to]);
  }
}

function makeCell(environment) {
  const icon = makeIcon(environment.phase);
  const name = make('span', { class: 'name' });
  const backend = make('span');
  const invocations = make('span');
  const last = make('span');
  const hidden = (text) => make('span', { class: 'visually-hidden' }, text);
  const root = make(
    'div', { class: 'cell', role: 'option', tabindex: '-1', 'data-id': environment.id, 'aria-selected': 'false' },
    icon, name, ' ', make('span', { class: 'id' }, shortId(environment.id)), ' ',
    make('span', { class: 'more' }, backend, ' ', make('span', {}, hidden('invocations '), invocations), ' ', make('span', {}, hidden('last '), last)));
  return { root, icon, name, backend, invocations, last };
}

const backend = (environment) =>
  environment.backend ? `pid ${environment.backend}` : environment.backendLost ? 'backend lost' : '';
