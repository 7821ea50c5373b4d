// Load and faults.
import { post, press } from './api.js';
import { byId, setAttribute, setText } from './dom.js';
import { count, duration } from './format.js';

export function wirePlay(store, say) {
  byId('burst').addEventListener('submit', (event) => {
    event.preventDefault();
    const payload = readPayload();
    if (payload === undefined) return;
    const number = byId('burst-count').valueAsNumber;
    press(event.submitter, say, `Invoking ${count(number, 'time')}`, async () => {
      const answer = await post('invoke/burst', { function: store.function ?? undefined, count: number, payload });
      const parts = [`${answer.succeeded} succeeded`];
      if (answer.failed) parts.push(`${answer.failed} failed`);
      if (answer.throttled) parts.push(`${answer.throttled} throttled`);
      return `${count(answer.invocations, 'invocation')} in ${duration(answer.elapsedMs)}: ${parts.join(', ')}`;
    });
  });
  byId('start').addEventListener('click', (event) => press(event.currentTarget, say, 'Starting an environment', async () => {
    const { environment } = await post('environments', { function: store.function ?? undefined });
    store.select(environment);
    return `${environment.slice(0, 4)}: started`;
  }));
  wire('terminate-all', say, 'Terminating all backends', async () => {
    const { terminated } = await post('database/terminate');
    return `${count(terminated, 'backend')} terminated`;
  });
  wire('restart', say, 'Restarting the database', async () => {
    await post('database/restart');
    return 'The database has restarted';
  });
  wire('drop-live', say, 'Dropping the live flows', async () => {
    const { dropped } = await post('network/drop', { flows: 'live' });
    return `${count(dropped, 'flow')} dropped: neither end has been told`;
  });
  wire('outage', say, 'Changing the network', async () => {
    if (byId('outage').getAttribute('aria-pressed') === 'true') {
      await post('network/restore');
      return 'The network is back for new connections';
    }
    await post('network/drop', { flows: 'all' });
    return 'Nothing gets through until the outage is ended';
  });
  store.listen((changes) => {
    if (!changes.everything && !changes.figures) return;
    const { database, network } = store.figures;
    byId('database-controls').hidden = !database;
    byId('network-controls').hidden = !network;
    if (database) byId('restart').hidden = !database.canRestart;
    if (network) {
      setAttribute(byId('outage'), 'aria-pressed', network.dropped);
      setText(byId('outage'), network.dropped ? 'End the outage' : 'Network outage');
    }
  });
}

function wire(id, say, doing, control) {
  byId(id).addEventListener('click', (event) => press(event.currentTarget, say, doing, control));
}

function readPayload() {
  const error = byId('burst-error');
  const input = byId('burst-payload');
  try {
    const payload = JSON.parse(input.value || '{}');
    error.hidden = true;
    input.removeAttribute('aria-invalid');
    return payload;
  } catch (exception) {
    setText(error, `The event is no JSON: ${exception.message}`);
    error.hidden = false;
    input.setAttribute('aria-invalid', 'true');
    return undefined;
  }
}
