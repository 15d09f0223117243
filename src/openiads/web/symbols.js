// Symbols of MIL-STD-2525 / APP-6, drawn once for each code and size.
const IDENTITY = { pending: "0", unknown: "1", assumed_friend: "2", friend: "3", neutral: "4", suspect: "5", hostile: "6" };
const cache = new Map();

// What is taken for civil gets the civil aircraft's symbol, whatever it may be.
export function withIdentity(sidc, label) {
  const shown = label === "neutral" && sidc.slice(4, 6) === "01" ? `${sidc.slice(0, 10)}1201000000` : sidc;
  return shown.slice(0, 3) + (IDENTITY[label] ?? "1") + shown.slice(4);
}

export function symbol(sidc, size) {
  const key = `${sidc}/${size}`;
  let found = cache.get(key);
  if (!found) {
    const drawn = new ms.Symbol(sidc, { size, outlineWidth: 4, outlineColor: "rgba(10,14,20,0.75)", strokeWidth: 4, civilianColor: false });
    const anchor = drawn.getAnchor();
    const canvas = drawn.asCanvas();
    found = { canvas, picture: frozen(canvas), dx: anchor.x, dy: anchor.y };
    cache.set(key, found);
  }
  return found;
}

// A picture that no longer changes is drawn faster than a canvas that might.
export function frozen(canvas) {
  if (typeof OffscreenCanvas === "undefined") return canvas;
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  copy.getContext("2d").drawImage(canvas, 0, 0);
  return copy.transferToImageBitmap();
}

export function stamp(pen, sidc, size, x, y) {
  const found = symbol(sidc, size);
  pen.drawImage(found.picture, Math.round(x - found.dx), Math.round(y - found.dy));
}

// What a symbol covers about the place it stands for: left, top, right, bottom.
export function symbolBox(sidc, size) {
  const { canvas, dx, dy } = symbol(sidc, size);
  return [-dx, -dy, canvas.width - dx, canvas.height - dy];
}

export function symbolPicture(sidc, size) {
  const drawn = symbol(sidc, size).canvas;
  const copy = document.createElement("canvas");
  copy.width = drawn.width;
  copy.height = drawn.height;
  copy.getContext("2d").drawImage(drawn, 0, 0);
  copy.setAttribute("aria-hidden", "true");
  return copy;
}
