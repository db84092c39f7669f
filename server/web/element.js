// Building elements. Whatever comes from the server enters the document as text: clients choose their
// own names.

const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

/** An HTML element with attributes and children; a child that is text is put in as text. */
export function html(tag, attributes = {}, ...children) {
  return build(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

/** Sets an element's text, and leaves the document alone when it has it already. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A shape of the page's sprite (index.html); decoration: its meaning stands beside it in words. */
export function shape(name) {
  return svg(
    'svg', { class: 'shape', viewBox: '0 0 12 12', 'aria-hidden': 'true' },
    svg('use', { href: `#shape-${name}` }),
  );
}

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
