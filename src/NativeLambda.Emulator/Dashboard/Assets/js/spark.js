// A line of the last two minutes, one point a second.

const points = 120;
const svg = 'http://www.w3.org/2000/svg';

export class Spark {
  #series;

  /** @param classes of the lines, one for each value of a point */
  constructor(element, classes) {
    this.#series = classes.map((name) => {
      const path = document.createElementNS(svg, 'path');
      path.setAttribute('class', name);
      element.append(path);
      return { path, values: [] };
    });
  }

  add(...values) {
    this.#series.forEach((line, index) => {
      line.values.push(values[index] ?? null);
      if (line.values.length > points) line.values.shift();
    });
    const highest = Math.max(1e-9, ...this.#series.flatMap((line) => line.values.map((value) => value ?? 0)));
    for (const { path, values } of this.#series) {
      let pen = 'M';
      const steps = values.map((value, index) => {
        if (value === null) {
          pen = 'M';
          return '';
        }
        const step = `${pen}${points - values.length + index} ${(27 - 26 * value / highest).toFixed(1)}`;
        pen = 'L';
        return step;
      });
      path.setAttribute('d', steps.join(''));
    }
  }
}
