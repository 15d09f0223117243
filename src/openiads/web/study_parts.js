// What every part of a study's report is made of: lists, tables, counts.
import { el } from "./dom.js";
import { number } from "./words.js";

export const bullets = (items, kind = "facts") => (items.length ? el("ul", { class: kind }, items.map((item) => el("li", {}, item))) : null);

// The first cell of a row names it.
export function rowsTable(head, rows, caption) {
  return el("div", { class: "wide" }, el("table", { class: "report" }, caption ? el("caption", {}, caption) : null, el("thead", {}, el("tr", {}, head.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) => (i ? el("td", { class: "num" }, cell) : el("th", { scope: "row" }, cell))))))));
}

export const counted = (one) => `${number(one.numerator)} / ${number(one.denominator)}`;

// An alternative without the block it belongs to.
export const plainName = (name) => (name.includes(" / ") ? name.slice(name.indexOf(" / ") + 3) : name);
