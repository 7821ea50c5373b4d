// The button that goes round system, dark, light.
import { setText } from './dom.js';

const order = ['system', 'dark', 'light'];

export function wireTheme(button, changed) {
  const root = document.documentElement;
  const show = () => setText(button, `Theme: ${root.dataset.theme ?? 'system'}`);
  button.addEventListener('click', () => {
    const next = order[(order.indexOf(root.dataset.theme ?? 'system') + 1) % order.length];
    if (next === 'system') {
      delete root.dataset.theme;
      localStorage.removeItem('theme');
    } else {
      root.dataset.theme = next;
      localStorage.setItem('theme', next);
    }
    show();
    changed();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  show();
}
