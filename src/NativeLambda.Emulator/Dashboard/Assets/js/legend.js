// The phases with their shapes, colours and how many environments are in each.
import { byId, make, setText } from './dom.js';
import { makeIcon, phases } from './phases.js';

export class Legend {
  #counts = new Map();

  constructor(store) {
    for (const [phase, { label }] of Object.entries(phases)) {
      const number = make('b', {}, '0');
      byId('legend').append(make('li', { 'data-phase': phase }, makeIcon(phase), number, label));
      this.#counts.set(phase, number);
    }
    store.listen((changes) => {
      if (!changes.everything && changes.environments.size === 0 && changes.gone.size === 0) return;
      const shown = store.shown();
      for (const [phase, number] of this.#counts) {
        setText(number, String(shown.filter((environment) => environment.phase === phase).length));
      }
      setText(byId('environment-count'), String(shown.filter((environment) => environment.phase !== 'dead').length));
    });
  }
}
