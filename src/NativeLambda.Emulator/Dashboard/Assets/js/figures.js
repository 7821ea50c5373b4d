// Rate, durations, cold starts, connections.
import { byId, make, setAttribute, setText } from './dom.js';
import { count, duration } from './format.js';
import { Spark } from './spark.js';

export class Figures {
  #rate = new Spark(byId('rate-spark'), ['']);
  #latency = new Spark(byId('latency-spark'), ['', 'second']);

  constructor(store) {
    this.store = store;
    store.listen((changes) => {
      if (changes.everything || changes.figures) this.#render();
    });
    setInterval(() => {
      const metrics = this.#metrics();
      this.#rate.add(metrics?.perSecond ?? 0);
      this.#latency.add(metrics?.p50Ms ?? null, metrics?.p99Ms ?? null);
    }, 1000);
  }

  #metrics() {
    const { figures } = this.store;
    return (this.store.function && figures.functions?.[this.store.function]) || figures.all;
  }

  #render() {
    const metrics = this.#metrics();
    if (!metrics) return;
    setText(byId('rate'), metrics.perSecond.toLocaleString('en', { minimumFractionDigits: 1 }));
    setText(byId('rate-note'), metrics.invocations === 0 ? 'none yet'
      : `${metrics.invocations.toLocaleString('en')} in all${metrics.failures ? `, ${metrics.failures.toLocaleString('en')} failed` : ''}`);
    setText(byId('p50'), duration(metrics.p50Ms));
    setText(byId('p99'), duration(metrics.p99Ms));
    setText(byId('cold'), metrics.coldStarts.toLocaleString('en'));
    setText(byId('cold-note'), metrics.recent === 0 ? 'none in the last minute'
      : `${metrics.recentColdStarts} of ${count(metrics.recent, 'invocation')} in the last minute`);
    this.#database(this.store.figures.database);
  }

  #database(database) {
    if (!database) return;
    const { connections, maxConnections, foreign, state } = database;
    byId('connections').replaceChildren(String(connections), ' ', make('small', {}, `of ${maxConnections}`));
    setText(byId('connections-note'), {
      up: foreign > 0 ? `${foreign} of no environment` : 'all of environments',
      down: 'the server is down',
      silent: 'the server does not answer',
    }[state]);
    const share = maxConnections > 0 ? connections / maxConnections : 0;
    const meter = byId('meter');
    meter.hidden = false;
    setAttribute(meter, 'aria-valuemax', maxConnections);
    setAttribute(meter, 'aria-valuenow', connections);
    setAttribute(meter, 'data-level', share >= 0.95 ? 'full' : share >= 0.8 ? 'high' : 'low');
    byId('meter-bar').style.width = `${Math.min(100, 100 * share)}%`;
  }
}
