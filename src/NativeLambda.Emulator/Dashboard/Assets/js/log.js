// The log: REPORT lines as figures, or every line as it is.
import { byId, make } from './dom.js';
import { shortId, time } from './format.js';

const kept = 300;

export class Log {
  #list = byId('log-lines');
  #scroll = byId('log-scroll');
  #filter = byId('log-filter');

  constructor(store) {
    this.store = store;
    this.#filter.addEventListener('change', () => this.#rebuild());
    store.listen((changes) => {
      if (changes.everything || (changes.selection && this.#filter.value === 'environment')) this.#rebuild();
      else if (changes.lines.length > 0) this.#add(changes.lines);
    });
  }

  #rebuild() {
    this.#list.replaceChildren();
    this.#add(this.store.log);
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  #add(lines) {
    const fitting = lines.filter((line) => this.#fits(line)).slice(-kept);
    const atEnd = this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight < 24;
    this.#list.append(...fitting.map(makeLine));
    while (this.#list.childElementCount > kept) this.#list.firstElementChild.remove();
    byId('log-empty').hidden = this.#list.childElementCount > 0;
    if (atEnd && fitting.length > 0) this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  #fits(line) {
    const environment = this.store.environments.get(line.environment);
    if (this.store.function && environment && environment.function !== this.store.function) return false;
    switch (this.#filter.value) {
      case 'all': return true;
      case 'environment': return line.environment === this.store.selected;
      default: return line.report !== undefined;
    }
  }
}

function makeLine(line) {
  const item = make(
    'li', { 'data-source': line.source },
    make('time', { datetime: new Date(line.time).toISOString() }, time(line.time)),
    make('span', { class: 'from' }, line.environment ? shortId(line.environment) : '····'));
  if (line.report) item.append(...reportFigures(line.report));
  else item.append(make('span', { class: 'text' }, line.text));
  return item;
}

const units = { duration: 'ms', billed: 'ms', memory: 'MB', init: 'ms' };

function reportFigures(report) {
  const figures = Object.keys(units).filter((name) => name in report).map((name) => {
    const value = report[name].toFixed(units[name] === 'ms' && name !== 'billed' ? 2 : 0);
    return make('span', { class: 'figure-cell' }, make('i', {}, `${name} `), `${value} ${units[name]}`);
  });
  const words = [report.status, report.errorType].filter((word) => word !== undefined);
  return [...figures, ...words.map((word) => make('span', { class: 'bad' }, word))];
}
