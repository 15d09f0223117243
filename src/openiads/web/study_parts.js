// What every part of a study's report is made of: lists, tables, counts.
import { el } from "./dom.js";
import { known, number, say, share, term } from "./words.js";

export const bullets = (items, kind = "facts") => (items.length ? el("ul", { class: kind }, items.map((item) => el("li", {}, item))) : null);

// The first cell of a row names it.
export function rowsTable(head, rows, caption) {
  return el("div", { class: "wide" }, el("table", { class: "report" }, caption ? el("caption", {}, caption) : null, el("thead", {}, el("tr", {}, head.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) => (i ? el("td", { class: "num" }, cell) : el("th", { scope: "row" }, cell))))))));
}

// Counts: so many of so many, or in so many nights where a measure counts per night.
export const isPerNight = (measure) => /^(impacts_per_night|rounds_fired|rounds_left|assets_hit)(\/|$)/.test(measure);

export const counted = (one, measure = "") =>
  isPerNight(measure) ? say("study.in_nights", { count: one.numerator, nights: one.denominator }) : `${number(one.numerator)} / ${number(one.denominator)}`;

// A measure as a share is shown in per cent, any other as a number.
export const isNumber = (measure) => isPerNight(measure) || measure.startsWith("rounds_per_kill");

export const measured = (value, measure) => (isNumber(measure) ? number(value, 2) : share(value));

// What a measure is called, with the class it is asked of: "share of hostile objects killed: tactical aircraft".
export const measureName = (measure) => wordsOf("measure", measure);

// What is counted in one night, where the measure itself is a share.
export const countName = (measure) => wordsOf(known(`count.${measure.split("/")[0]}`) ? "count" : "measure", measure);

function wordsOf(group, measure) {
  const [base, inner] = measure.split("/");
  return inner ? `${term(group, base)}: ${term("class", inner)}` : term(group, base);
}

// An alternative without the block it belongs to.
export const plainName = (name) => (name.includes(" / ") ? name.slice(name.indexOf(" / ") + 3) : name);
