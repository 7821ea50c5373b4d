// The phases: what they are called, and a shape for each, as the colour is never the only sign.
import { setAttribute } from './dom.js';

export const phases = {
  init: { label: 'Init', shape: 'M8 4v4l3 2M8 2a6 6 0 1 1-5.6 3.9', height: 0.8 },
  busy: { label: 'Busy', shape: 'M5 3v10l8-5z', solid: true, height: 1 },
  reopening: { label: 'Reopening', shape: 'M13 8a5 5 0 1 1-1.6-3.7M12 1.5v3.5H8.5', height: 1 },
  held: { label: 'Held', shape: 'M5.5 3v10M10.5 3v10', height: 0.6 },
  idle: { label: 'Idle', shape: 'M8 3a5 5 0 1 1-.01 0z', height: 0.4 },
  frozen: { label: 'Frozen', shape: 'M8 1.5v13M2.4 4.8l11.2 6.4M13.6 4.8L2.4 11.2', height: 0.18 },
  reset: { label: 'Reset', shape: 'M8 2l6.2 11.5H1.8zM8 6.5v3M8 11.7v.1', height: 0.3 },
  stopping: { label: 'Shutdown', shape: 'M3.5 3.5h9v9h-9z', height: 0.3 },
  dead: { label: 'Dead', shape: 'M4 4l8 8M12 4l-8 8', height: 0 },
};

const svg = 'http://www.w3.org/2000/svg';

/** The shape of a phase; showPhase changes it to another one's. */
export function makeIcon(phase) {
  const icon = document.createElementNS(svg, 'svg');
  icon.setAttribute('class', 'icon');
  icon.setAttribute('viewBox', '0 0 16 16');
  icon.setAttribute('aria-hidden', 'true');
  icon.append(document.createElementNS(svg, 'path'));
  showPhase(icon, phase);
  return icon;
}

export function showPhase(icon, phase) {
  setAttribute(icon.firstChild, 'd', phases[phase].shape);
  setAttribute(icon, 'data-solid', phases[phase].solid ? '' : null);
}
