// The facts of the emulator, the choice of a function, the state of the connection.
import { byId, make, setAttribute, setText } from './dom.js';

const states = { live: 'live', connecting: 'connecting …', paused: 'paused' };
const methods = { CgroupV2: 'cgroup v2', CgroupV1: 'cgroup v1', Signal: 'signals' };

export function showLink(state) {
  setAttribute(byId('link'), 'data-state', state);
  setText(byId('link'), states[state]);
}

export function wireHead(store) {
  const select = byId('function');
  select.addEventListener('change', () => { store.function = select.value || null; });
  store.listen((changes) => {
    if (!changes.everything) return;
    const [first] = store.functions;
    const frozen = `frozen by ${methods[store.freezeMethod] ?? store.freezeMethod}`;
    setText(byId('facts'), store.functions.length === 1
      ? `${first.name} · ${first.memoryMb} MB · timeout ${first.timeoutMs / 1000} s · up to ${first.maxConcurrency} environments · ${frozen}`
      : `${store.functions.length} functions · ${frozen}`);
    byId('function-pick').hidden = store.functions.length < 2;
    if (select.childElementCount === store.functions.length + 1) return;
    select.replaceChildren(make('option', { value: '' }, 'all'), ...store.functions.map(({ name }) => make('option', { value: name }, name)));
  });
}
