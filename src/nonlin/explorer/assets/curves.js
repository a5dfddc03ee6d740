// ---- Curves: chosen functions over each other, with slopes, second derivatives, sliders and a reading.
const ORDERS = [["f", "f(x)"], ["f′", "f′(x)"], ["f″", "f″(x)"]];
const MOST = 10;

const curvesView = () => {
  const drawn = ORDERS.map(() => chart({ read: readAt, zoom: zoomTo, move: moveBy, reset: resetZoom }));
  const list = html("ul", { class: "chosen", "aria-label": "Functions drawn" });
  const readings = html("table", { class: "readings" }), orders = html("fieldset", {}, html("legend", {}, "Show"));
  const add = html("select", { id: "add" }), reference = html("select", { id: "reference" });
  const cursor = html("input", { type: "range", id: "cursor", step: "any", oninput: () => readAt(Number(cursor.value)) });
  const ends = Object.fromEntries([["low", "x from"], ["high", "to"], ["bottom", "f from"], ["top", "to"]].map(([end, label]) =>
    [end, html("input", { type: "number", step: "any", id: `end-${end}`, "aria-label": end === "high" ? "x to" : end === "top" ? "f to" : label, placeholder: "auto", onchange: () => setEnd(end) })]));
  const log = html("input", { type: "checkbox", id: "log", onchange: () => change({ log: log.checked }) });
  const boxes = ORDERS.map(([name], order) => html("input", { type: "checkbox", id: `order-${order}`, onchange: () => change({ orders: [0, 1, 2].filter((o) => boxes[o].checked) }) }));
  const panels = html("div", { class: "panels" }, drawn.map((c) => c.figure));
  const live = heard();
  const cards = new Map(); // each chosen function's card, kept while its sliders move
  const button = (word, label, onclick) => html("button", { type: "button", "aria-label": label, title: label, onclick }, word);

  const draw = onceAFrame(() => drawNow());
  const change = (changes) => {
    Object.assign(state, changes);
    remember();
    draw();
  };
  function readAt(x) {
    change({ cursor: Number(x.toPrecision(6)) });
  }
  function zoomTo(low, high) {
    const least = 1e-9 * Math.max(1, Math.abs(low));
    if (high - low > least && high - low < 1e6) change({ low: Number(low.toPrecision(9)), high: Number(high.toPrecision(9)), bottom: null, top: null });
  }
  function moveBy(x) {
    change({ low: state.low + x, high: state.high + x });
  }
  function resetZoom() {
    change({ low: START.low, high: START.high, bottom: null, top: null });
  }
  const zoomBy = (factor) => {
    const middle = (state.low + state.high) / 2, half = ((state.high - state.low) / 2) * factor;
    zoomTo(middle - half, middle + half);
  };
  const setEnd = (end) => {
    const value = ends[end].value === "" ? null : Number(ends[end].value), tried = { ...state, [end]: value };
    if (tried.low === null || tried.high === null || !(tried.low < tried.high)) return void fillControls();
    if (tried.bottom !== null && tried.top !== null && !(tried.bottom < tried.top)) return void fillControls();
    change({ [end]: value });
  };

  const choose = (name) => {
    if (state.chosen.length < MOST) change({ chosen: [...state.chosen, { name, values: {} }] });
    list.lastElementChild?.scrollIntoView({ block: "nearest" });
  };
  add.addEventListener("change", () => {
    if (add.value) choose(add.value);
    add.value = "";
  });
  reference.addEventListener("change", () => change({ reference: reference.value }));

  const slider = (one, parameter, place) => {
    const value = one.values[parameter.name] ?? parameter.default, label = `${parameter.name} of ${one.name}`, [lowest, highest] = endsOf(ENTRY.get(one.name), parameter);
    const limited = (v) => (Number.isFinite(v) ? v : v < 0 ? lowest : highest), shortened = (v) => (Number.isFinite(v) ? Number(v.toPrecision(4)) : "");
    const range = html("input", { type: "range", step: "any", min: Math.min(lowest, limited(value)), max: Math.max(highest, limited(value)), value: limited(value), "aria-label": label });
    const number = html("input", { type: "number", step: "any", placeholder: written(value), value: shortened(value), "aria-label": `${label}, as a number` });
    const set = (given) => {
      if (!Number.isFinite(given) || (lowest > 0 && given <= 0)) return;
      one.values[parameter.name] = given;
      if (given < range.min) range.min = given;
      if (given > range.max) range.max = given;
      range.value = given;
      change({});
    };
    range.addEventListener("input", () => {
      const given = Number(Number(range.value).toPrecision(6));
      number.value = Number(given.toPrecision(4));
      set(given);
    });
    number.addEventListener("change", () => number.value !== "" && set(Number(number.value)));
    return html("div", { class: "slider" }, html("span", { title: parameter.meaning }, parameter.name), range, number);
  };

  const card = (one, place) => {
    const entry = ENTRY.get(one.name);
    const remove = () => {
      change({ chosen: state.chosen.filter((other) => other !== one) });
      add.focus();
    };
    return html("li", {},
      html("div", { class: "card-head" }, swatch(place), html("a", { href: addressOf({ ...START, view: "function", name: one.name }) }, one.name), button("×", `Remove ${titleOf(one)}`, remove)),
      entry.parameters.map((parameter) => slider(one, parameter, place)));
  };

  const fillControls = () => {
    for (const [end, input] of Object.entries(ends)) if (document.activeElement !== input) input.value = state[end] ?? "";
    log.checked = state.log;
    boxes.forEach((box, order) => (box.checked = state.orders.includes(order)));
    reference.value = state.reference;
    filled(cursor, { min: state.low, max: state.high }, []);
    cursor.value = state.cursor;
    add.disabled = state.chosen.length >= MOST;
  };

  const fillList = () => {
    const kept = new Set(state.chosen), stale = [...cards.keys()].filter((one) => !kept.has(one));
    if (!stale.length && cards.size === state.chosen.length) return;
    cards.clear();
    state.chosen.forEach((one, place) => cards.set(one, card(one, place)));
    list.replaceChildren(...(cards.size ? cards.values() : [html("li", { class: "muted" }, "No function is chosen: add one.")]));
  };

  const lines = (order) => {
    const base = ENTRY.get(state.reference)?.kind === "elementwise" ? derivative({ name: state.reference, values: {} }, order) : null;
    const number = Math.round(clamped(drawn[order].place.clientWidth, 200, 700)), log10 = order === 1 && state.log;
    return state.chosen.map((one, place) => {
      const own = derivative(one, order), at = base ? (x) => own(x) - base(x) : own;
      const shown = log10 ? (x) => Math.log10(Math.abs(at(x))) : at;
      return { label: titleOf(one), place, at, segments: sampled(shown, state.low, state.high, number) };
    });
  };

  const titleFor = (order) => {
    const [short, long] = ORDERS[order], difference = state.reference ? `${long} − that of ${state.reference}` : long;
    return order === 1 && state.log ? `|${difference}|, on a logarithmic scale` : state.reference || order === 0 ? difference : `${difference}, the ${short === "f′" ? "slope" : "second derivative"}`;
  };

  const drawCharts = () => {
    panels.dataset.shown = state.orders.length;
    drawn.forEach((panel, order) => (panel.figure.hidden = !state.orders.includes(order)));
    drawn.forEach(drawChart);
  };
  const drawChart = (panel, order) => {
    if (panel.figure.hidden) return;
    const log10 = order === 1 && state.log, curves = lines(order);
    panel.update({ title: titleFor(order), curves, low: state.low, high: state.high, log: log10, cursor: state.cursor,
      bottom: order === 0 ? state.bottom : log10 ? Math.max(-16, lowest(curves)) : null, top: order === 0 ? state.top : null });
  };
  const lowest = (curves) => Math.min(0, ...curves.flatMap((c) => c.segments.flatMap((s) => s.map(([, y]) => (Number.isFinite(y) ? y : 0))))) - 0.5;

  const drawReadings = () => {
    const row = (one, place) => html("tr", {}, html("th", { scope: "row" }, swatch(place), " ", titleOf(one)),
      ORDERS.map((_, order) => html("td", {}, written(derivative(one, order)(state.cursor), 7))));
    readings.replaceChildren(html("caption", {}, `Values at x = ${written(state.cursor, 6)}`),
      html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "function"), ORDERS.map(([name]) => html("th", { scope: "col" }, name)))),
      html("tbody", {}, state.chosen.map(row)));
    const told = state.chosen.map((one) => `${titleOf(one)} ${written(derivative(one, 0)(state.cursor), 4)}`);
    const words = `x ${written(state.cursor, 4)}: ${told.join(", ")}`;
    cursor.setAttribute("aria-valuetext", words);
    if (document.activeElement !== cursor) live.say(words); // the slider tells its own
  };

  const drawNow = () => {
    fillControls();
    fillList();
    drawCharts();
    drawReadings();
  };

  const options = ELEMENTWISE.map((entry) => html("option", { value: entry.name }, entry.name));
  add.append(html("option", { value: "" }, "Add a function…"), ...options);
  reference.append(html("option", { value: "" }, "none"), ...options.map((o) => o.cloneNode(true)));
  orders.append(...boxes.map((box, order) => html("label", {}, box, ORDERS[order][0])), html("label", {}, log, "log |f′|"));
  const section = html("section", { id: "curves" },
    html("h2", { tabindex: "-1" }, "Curves"),
    html("div", { class: "bench" },
      html("div", { class: "charts" },
        html("div", { class: "bar" }, orders, html("div", { class: "group" }, button("−", "Zoom out", () => zoomBy(1.6)), button("+", "Zoom in", () => zoomBy(1 / 1.6)), button("Reset", "Reset the zoom", resetZoom)),
          html("div", { class: "group" }, saveButtons(() => drawn.filter((c) => !c.figure.hidden), () => state.chosen.map((one, place) => ({ label: titleOf(one), place })), "activations"))),
        panels,
        html("div", { class: "read" }, labelled("Read at x", cursor), live.place)),
      html("div", { class: "controls" },
        html("label", { class: "wide" }, html("span", { class: "hidden" }, "Add a function"), add), list,
        labelled("Difference to", reference),
        html("div", { class: "ends" }, html("span", {}, "x from"), ends.low, html("span", {}, "to"), ends.high, html("span", {}, "f from"), ends.bottom, html("span", {}, "to"), ends.top),
        html("p", { class: "muted hint" }, "Drag over a chart to zoom, with Shift to move, twice-click to go back; Ctrl and the wheel zoom too, and so do two fingers. The address keeps the view.")),
      html("div", { class: "frame", tabindex: 0, role: "region", "aria-label": "Values at the cursor" }, readings)));
  return { section, show: () => { cards.clear(); drawNow(); } };
};
