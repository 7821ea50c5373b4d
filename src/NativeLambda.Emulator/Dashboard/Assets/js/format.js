// Numbers and times as they are shown.

/** A duration in milliseconds: 0.42 ms, 3.1 ms, 128 ms, 2.4 s, 3 min. */
export function duration(ms) {
  if (ms === undefined || ms === null) return '–';
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  return `${Math.floor(ms / 60_000)} min`;
}

/** The start of an id, which tells environments apart on a screen. */
export const shortId = (id) => id.slice(0, 4);

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });

/** A moment of the Unix epoch as the time of day. */
export const time = (unixMs) => clock.format(unixMs);

/** 1 invocation, 2 invocations. */
export const count = (number, noun) => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
