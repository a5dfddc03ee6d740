// ---- One function: its words, formulas, facts, certificates, other names, and code to copy.
const blockOf = (block) => {
  if (block.kind === "entries") return html("section", {}, html("h3", {}, block.title), html("dl", {}, block.rows.map(([name, value]) => html("div", {}, html("dt", {}, name), html("dd", {}, value)))));
  if (block.kind === "table") return table(block.title, block.columns, block.rows);
  if (block.kind === "items") return html("ol", {}, block.rows.map((row) => html("li", {}, row)));
  return html("p", { class: "muted" }, block.text);
};

const table = (title, columns, rows) => html("section", {}, html("h3", {}, title), html("div", { class: "frame", tabindex: 0, role: "region", "aria-label": title },
  html("table", {}, html("thead", {}, html("tr", {}, columns.map((c) => html("th", { scope: "col" }, c)))),
    html("tbody", {}, rows.map(([first, ...rest]) => html("tr", {}, html("th", { scope: "row" }, first), rest.map((word) => html("td", {}, word))))))));

const certificatesOf = (entry) => {
  if (!entry.certificates.length) return html("p", { class: "muted" }, "No errors of it were measured yet.");
  const told = (tally) => (tally ? `${ulpWords(tally.ulp)} (${written(100 * tally.right, 6)} %)` : NOTHING);
  const rows = entry.certificates.map((c) => [c.kind, told(c.value), told(c.slope), c.inputs === "all" ? "all there are" : c.inputs, `${written(c.promised)} ulp, ${c.kept ? "kept" : "missed"}`]);
  return table("Measured errors, in ulp (and the share of results that are correctly rounded)", ["numbers", "value", "slope", "inputs", "promise"], rows);
};

const speedOf = (entry) => {
  if (!entry.speed.length) return html("p", { class: "muted" }, "Its speed was not recorded: nonlin bench measures it.");
  const told = (ns) => (ns === null ? NOTHING : written(ns, 3));
  const shown = table("Speed, in nanoseconds a value: a million float32 values, one thread", ["", "value", "with its gradient"], entry.speed.map(([who, value, both]) => [who, told(value), told(both)]));
  shown.append(html("p", { class: "muted" }, `Measured on ${WHERE}.`));
  return shown;
};

// What the small chart of a page shows: value and slope, or a gated function at five gates.
const GATES = [-2, -1, 0, 1, 2];
const smallLines = (entry) => {
  const lines = (functions) => functions.map(([label, at, place]) => ({ label, place, at, segments: sampled(at, -4, 4, 300) }));
  if (entry.kind === "gated") return lines(GATES.map((gate, place) => [`gate = ${written(gate)}`, (x) => entry.functions[0](x, gate), place]));
  return lines([0, 1].map((order) => [ORDERS[order][1], derivative({ name: entry.name, values: {} }, order), order ? 4 : 0]));
};
const smallKey = (entry) => {
  if (entry.kind === "gated") return GATES.map((gate, place) => keyOf(place, `gate ${written(gate)}`));
  return [keyOf(0, "f"), keyOf(4, "f′"), html("a", { href: addressOf({ ...START, chosen: [{ name: entry.name, values: {} }], orders: [0, 1, 2] }) }, "larger, with sliders")];
};

const codeOf = (entry) => {
  const words = Object.keys(entry.code), tabs = [], shown = html("pre", { tabindex: 0 }, html("code"));
  const panel = html("div", { role: "tabpanel", id: "code-panel" }, copyButton(() => shown.textContent), shown);
  const select = (word, focus) => {
    tabs.forEach((tab) => {
      const on = tab.textContent === word;
      filled(tab, { "aria-selected": String(on), tabindex: on ? 0 : -1 }, []);
      if (on) panel.setAttribute("aria-labelledby", tab.id);
      if (on && focus) tab.focus();
    });
    shown.firstChild.textContent = entry.code[word];
  };
  const step = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) select(words[(words.indexOf(event.target.textContent) + by + words.length) % words.length], true);
  };
  tabs.push(...words.map((word) => html("button", { type: "button", role: "tab", id: `code-${word}`, "aria-controls": "code-panel", onclick: () => select(word), onkeydown: step }, word)));
  select(words[0]);
  return html("section", { class: "code" }, html("h3", {}, "Code to copy"), html("div", { role: "tablist", "aria-label": "Framework" }, tabs), panel);
};

const panelView = () => {
  const section = html("section", { id: "function" });
  const small = chart();
  const drawSmall = (entry) => small.update({ title: entry.kind === "gated" ? "f(x, gate)" : "f(x) and f′(x)", curves: smallLines(entry), low: -4, high: 4, cursor: null });
  const show = () => {
    const entry = ENTRY.get(state.name);
    if (!entry) return section.replaceChildren(html("h2", { tabindex: "-1" }, "Function"), html("p", {}, `The catalog has no function called ${state.name || "that"}.`), html("p", {}, html("a", { href: "#view=facts" }, "All functions")));
    const drawn = ["elementwise", "gated"].includes(entry.kind), [definition, ...others] = entry.blocks;
    section.replaceChildren(
      html("p", { class: "crumb" }, html("a", { href: "#view=facts" }, "All functions")),
      html("h2", { tabindex: "-1" }, entry.name),
      html("p", { class: "lead" }, entry.summary),
      entry.aliases.length ? html("p", { class: "muted" }, `Also called ${entry.aliases.join(", ")}.`) : "",
      html("div", { class: "formulas frame", tabindex: 0, role: "region", "aria-label": "Formulas" }, (entry.formulas.mathml ?? [0]).map((_, which) => html("div", {}, formulaOf(entry, which)))),
      html("div", { class: "columns" }, drawn ? html("section", { class: "small" }, html("h3", {}, "Curves"), html("p", { class: "key" }, smallKey(entry)), small.figure) : "",
        codeOf(entry)),
      html("div", { class: "flowing" }, blockOf(definition), others.filter((b) => b.kind === "entries").map(blockOf)),
      ...others.filter((b) => b.kind !== "entries").map(blockOf),
      certificatesOf(entry), speedOf(entry));
    if (drawn) drawSmall(entry);
  };
  return { section, show };
};
