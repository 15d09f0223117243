// The only ways in which this page makes elements: text always goes in as text.
const SVG = "http://www.w3.org/2000/svg";

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (key === "style") for (const [name, v] of Object.entries(value)) node.style.setProperty(name, v);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  fill(node, children);
  return node;
}

export function fill(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

export function renew(node, ...children) {
  node.replaceChildren();
  fill(node, children);
  return node;
}

const SHAPES = {
  play: "M5 3 L17 10 L5 17 Z",
  pause: "M4 3 H8 V17 H4 Z M12 3 H16 V17 H12 Z",
  next: "M3 3 L11 10 L3 17 Z M12 3 H15 V17 H12 Z",
  back: "M17 3 L9 10 L17 17 Z M5 3 H8 V17 H5 Z",
  start: "M17 3 L10 10 L17 17 Z M10 3 L3 10 L10 17 Z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("width", "16");
  svg.setAttribute("height", "16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  path.setAttribute("fill", "currentColor");
  svg.append(path);
  return svg;
}

export function cssColour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// A canvas that follows the size of its box, with one device pixel ratio for all.
export function fittedCanvas(label, draw) {
  const canvas = el("canvas", { role: "img", "aria-label": label });
  const redraw = () => {
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!width || !height) return;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    draw(pen, width, height);
  };
  new ResizeObserver(redraw).observe(canvas);
  return { canvas, redraw };
}

export function remember(key, value) {
  try {
    if (value === undefined) return window.localStorage.getItem(`openiads.${key}`);
    window.localStorage.setItem(`openiads.${key}`, value);
  } catch {
    return null;
  }
  return value;
}
