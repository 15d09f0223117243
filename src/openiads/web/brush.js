// The pen that all painters of the moving layer share: where the map stands on the screen, colours, and marks drawn once and stamped.
import { cssColour } from "./dom.js";
import { frozen } from "./symbols.js";

const BRUSH_COLOURS = ["hostile", "friend", "neutral", "unknown", "shot", "kill", "strobe", "sector", "sector-fill", "text", "muted", "halo", "asset", "asset-fill"];
const MARK_PX = 22;

export function makeBrush(canvas) {
  const pen = canvas.getContext("2d");
  const marks = new Map();
  const brush = { pen, hits: [], names: [], view: null, colours: null, px, py, inside, begin, resize, recolour, line, cross, stampMark, label };

  function px(x) {
    return (x - brush.view.x0) / brush.view.resolution;
  }

  function py(y) {
    return (brush.view.y0 - y) / brush.view.resolution;
  }

  function inside(x, y) {
    return x > -40 && y > -40 && x < brush.view.width + 40 && y < brush.view.height + 40;
  }

  function resize(width, height, ratio) {
    if (canvas.width === Math.round(width * ratio) && canvas.height === Math.round(height * ratio)) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }

  // An empty canvas with the map of `frame` under it.
  function begin(frame) {
    const [width, height] = frame.size;
    const { center, resolution } = frame.viewState;
    resize(width, height, frame.pixelRatio);
    brush.view = { x0: center[0] - (width / 2) * resolution, y0: center[1] + (height / 2) * resolution, resolution, width, height };
    brush.colours = brush.colours ?? readColours();
    pen.setTransform(frame.pixelRatio, 0, 0, frame.pixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.lineJoin = "bevel";
    brush.hits.length = 0;
    brush.names.length = 0;
  }

  function recolour() {
    brush.colours = null;
    marks.clear();
  }

  function line(width, colour, dash) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.setLineDash(dash ?? []);
    pen.beginPath();
  }

  function cross(x, y, size, colour, width) {
    line(width, colour);
    pen.moveTo(x - size, y - size);
    pen.lineTo(x + size, y + size);
    pen.moveTo(x + size, y - size);
    pen.lineTo(x - size, y + size);
    pen.stroke();
  }

  // A small mark is drawn once and stamped, which is several times faster than a path each time.
  function stampMark(draw, colour, x, y) {
    const key = `${draw.name}/${colour}`;
    if (!marks.has(key)) marks.set(key, drawn((tool) => draw(tool, colour, brush.colours.halo)));
    pen.drawImage(marks.get(key), Math.round(x) - MARK_PX / 2, Math.round(y) - MARK_PX / 2, MARK_PX, MARK_PX);
  }

  function label(text, x, y, colour) {
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.setLineDash([]);
    pen.lineWidth = 3;
    pen.strokeStyle = brush.colours.halo;
    pen.strokeText(text, x, y);
    pen.fillStyle = colour;
    pen.fillText(text, x, y);
  }

  return brush;
}

function drawn(draw) {
  const made = document.createElement("canvas");
  const ratio = window.devicePixelRatio || 1;
  made.width = made.height = Math.ceil(MARK_PX * ratio);
  const tool = made.getContext("2d");
  tool.scale(ratio, ratio);
  tool.translate(MARK_PX / 2, MARK_PX / 2);
  draw(tool);
  return frozen(made);
}

const readColours = () => Object.fromEntries(BRUSH_COLOURS.map((name) => [name.replace(/-(\w)/g, (_, c) => c.toUpperCase()), cssColour(`--${name}`)]));

export function diamondMark(tool, colour, halo) {
  tool.rotate(Math.PI / 4);
  tool.fillStyle = halo;
  tool.strokeStyle = colour;
  tool.lineWidth = 1.6;
  tool.fillRect(-3.2, -3.2, 6.4, 6.4);
  tool.strokeRect(-3.2, -3.2, 6.4, 6.4);
}

export function crossMark(tool, colour) {
  tool.strokeStyle = colour;
  tool.lineWidth = 2;
  tool.beginPath();
  tool.moveTo(-5, -5);
  tool.lineTo(5, 5);
  tool.moveTo(5, -5);
  tool.lineTo(-5, 5);
  tool.stroke();
}

export function burstMark(tool, colour, halo) {
  tool.fillStyle = colour;
  tool.strokeStyle = halo;
  tool.beginPath();
  for (let k = 0; k < 16; k++) {
    const radius = k % 2 ? 4 : 9;
    tool.lineTo(radius * Math.cos((k * Math.PI) / 8), radius * Math.sin((k * Math.PI) / 8));
  }
  tool.closePath();
  tool.fill();
  tool.stroke();
}
