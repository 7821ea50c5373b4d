// The few things that every view does to the document. Text is set as text, never as HTML: log lines are anybody's.

export const byId = (id) => document.getElementById(id);

/** Makes an element with attributes and children; texts become text nodes. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Sets the text of an element if it is another one: what does not change is not laid out again, and the node that is there is kept. */
export function setText(element, text) {
  if (element.textContent === text) return;
  const node = element.firstChild;
  if (node instanceof Text && node === element.lastChild) node.data = text;
  else element.textContent = text;
}

/** Sets an attribute if it is another one; null removes it. */
export function setAttribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}
