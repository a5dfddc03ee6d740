// ---- Facts: the whole catalog as a table that sorts and filters.
const NOTHING = "–";
const ulpWords = (ulp) => (ulp === null ? null : written(Math.round(1e4 * ulp) / 1e4, 4)); // a bound of 2e-7 ulp is 0
const error32 = (entry, quantity) => entry.certificates.find((c) => c.kind === "float32")?.[quantity]?.ulp ?? null;
const COLUMNS = [
  { key: "name", title: "name", of: (e) => e.name },
  { key: "formula", title: "formula", help: "At the default parameters; not sorted." },
  { key: "range", title: "range", of: (e) => e.facts.range?.low ?? (e.facts.range ? -Infinity : null), text: (e) => e.facts.range?.text.replaceAll("inf", "∞").replaceAll("-", MINUS) },
  { key: "monotone", title: "monotone", of: (e) => e.facts.monotone },
  { key: "parity", title: "symmetry", of: (e) => e.facts.parity },
  { key: "smooth", title: "continuous derivatives", of: (e) => e.facts.smooth?.order, text: (e) => e.facts.smooth?.text },
  { key: "lipschitz", title: "Lipschitz constant", number: true, help: "The steepest slope.", of: (e) => e.facts.lipschitz },
  { key: "gain", title: "gain", number: true, help: "Weights of standard deviation gain / √fan_in keep the signal's size.", of: (e) => e.facts.gain },
  { key: "chi", title: "χ", number: true, help: "By how much the squared gradient grows per layer under that gain.", of: (e) => e.facts.chi },
  { key: "dead", title: "chance of slope 0", number: true, help: "For a standard normal input.", of: (e) => e.facts.dead },
  { key: "error", title: "float32 error, ulp", number: true, help: "The largest error of value or slope that was measured, in units in the last place.",
    of: (e) => (error32(e, "value") === null ? null : Math.max(error32(e, "value"), error32(e, "slope") ?? 0)),
    text: (e) => ulpWords(error32(e, "value") === null ? null : Math.max(error32(e, "value"), error32(e, "slope") ?? 0)) },
  { key: "speed", title: "ns a value", number: true, help: "Nanoseconds for each of a million float32 values, value alone, one thread, grade exact.", of: (e) => e.speed[0]?.[1] },
  { key: "frameworks", title: "frameworks", help: "Which have it too.", of: (e) => e.frameworks.length || null, text: (e) => e.frameworks.join(", ") },
];
const KINDS = { elementwise: "of one number", gated: "gated", rowwise: "of a row", stochastic: "random" };
const ONLY = {
  monotone: ["monotone", (f) => f.monotone !== "no"],
  bounded: ["bounded", (f) => f.bounded],
  smooth: ["smooth", (f) => f.smooth.order > 0],
  odd: ["odd", (f) => f.parity === "odd"],
  live: ["slope never 0", (f) => f.dead === 0],
};

const passes = (entry) => {
  const words = [entry.name, ...entry.aliases, entry.summary].join(" ").toLowerCase();
  return state.search.toLowerCase().split(/\s+/).every((word) => words.includes(word))
    && (!state.kind || entry.kind === state.kind)
    && state.only.every((word) => !ONLY[word] || (entry.facts.range && ONLY[word][1](entry.facts)));
};

// Numbers before words; what is missing stands last, whichever way is up.
const sorted = (entries) => {
  const { of } = COLUMNS.find((c) => c.key === state.sort && c.of) ?? COLUMNS[0], sign = state.down ? -1 : 1;
  const missing = (v) => v === null || v === undefined;
  return [...entries].sort((one, other) => {
    const [a, b] = [of(one), of(other)];
    if (missing(a) || missing(b)) return missing(a) - missing(b);
    return sign * (typeof a === "number" && typeof b === "number" ? a - b || 0 : String(a).localeCompare(String(b), "en"));
  });
};

const formulaOf = (entry, which = 0) => (entry.formulas.mathml ? formula(entry.formulas.mathml[which]) : html("code", {}, entry.formulas.text));
const pageOf = (name) => addressOf({ ...START, view: "function", name });

const factsView = () => {
  const search = html("input", { type: "search", id: "search", placeholder: "leaky, gate, SELU", oninput: () => change({ search: search.value }) });
  const kind = html("select", { id: "kind", onchange: () => change({ kind: kind.value }) }, html("option", { value: "" }, "all kinds"), Object.entries(KINDS).map(([value, word]) => html("option", { value }, word)));
  const boxes = Object.fromEntries(Object.entries(ONLY).map(([word]) => [word, html("input", { type: "checkbox", id: `only-${word}`, onchange: () => change({ only: Object.keys(ONLY).filter((w) => boxes[w].checked) }) })]));
  const found = html("p", { class: "muted", role: "status" }), body = html("tbody"), rows = new Map();
  const headers = COLUMNS.map((column) => html("th", { scope: "col", class: column.number ? "number" : "", title: column.help },
    column.of ? html("button", { type: "button", onclick: () => change({ sort: column.key, down: state.sort === column.key && !state.down }) }, column.title) : column.title));
  const cell = (entry, column) => {
    if (column.key === "name") return html("th", { scope: "row" }, html("a", { href: pageOf(entry.name) }, entry.name));
    if (column.key === "formula") return html("td", { class: "formula" }, formulaOf(entry));
    const value = column.of(entry), text = column.text ? column.text(entry) : column.number ? (value === null || value === undefined ? null : written(value, 4)) : value;
    return html("td", { class: `${column.number ? "number" : ""} ${column.key}` }, text || text === 0 ? String(text) : NOTHING);
  };
  const row = (entry) => {
    if (!rows.has(entry)) rows.set(entry, html("tr", {}, COLUMNS.map((column) => cell(entry, column))));
    return rows.get(entry);
  };
  const change = (changes) => {
    Object.assign(state, changes);
    remember();
    draw();
  };
  const draw = () => {
    if (document.activeElement !== search) search.value = state.search;
    kind.value = state.kind;
    for (const [word, box] of Object.entries(boxes)) box.checked = state.only.includes(word);
    headers.forEach((th, i) => (COLUMNS[i].key === state.sort ? th.setAttribute("aria-sort", state.down ? "descending" : "ascending") : th.removeAttribute("aria-sort")));
    const shown = sorted(CATALOG.filter(passes));
    body.replaceChildren(...shown.map(row));
    found.textContent = `${shown.length} of ${CATALOG.length} activations`;
  };
  const section = html("section", { id: "facts" },
    html("h2", { tabindex: "-1" }, "Facts"),
    html("div", { class: "bar" }, labelled("Find", search), labelled("Kind", kind),
      html("fieldset", {}, html("legend", {}, "Only"), Object.entries(ONLY).map(([word, [title]]) => html("label", {}, boxes[word], title)))),
    found,
    html("div", { class: "frame", tabindex: 0, role: "region", "aria-label": "Facts of the catalog" },
      html("table", { class: "facts", "aria-label": "Facts of the catalog, at the default parameters" }, html("thead", {}, html("tr", {}, headers)), body)),
    html("p", { class: "muted" }, `Facts are of the default parameters. How each was found, proved or from samples, stands on the function's own page. Errors: all 2³² float32 inputs, or a sample where that page says so. Speeds, where they were measured: ${WHERE}.`));
  return { section, show: draw };
};
