// Draws the charts, follows the reader's light or dark, and makes legends and sortable tables work.
(() => {
  "use strict";
  const { figures, night } = JSON.parse(document.getElementById("drawing").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const coarse = matchMedia("(pointer: coarse)");
  const narrow = matchMedia("(max-width: 620px)"); // no room for words beside a chart
  const PRINTED = { chart: 680, panel: 215 }; // pixels that fit a sheet of A4 or letter, alone or by threes
  const plots = [...document.querySelectorAll(".plot")];
  const hidden = new Map(plots.map((plot) => [plot, new Set()]));
  let printing = false;

  const recoloured = (value, key) => {
    if (Array.isArray(value)) return value.map((item) => recoloured(item, key));
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, recoloured(item, name)]));
    return /color$/.test(key) && Object.hasOwn(night, value) ? night[value] : value;
  };

  const figureOf = (plot) => {
    const figure = structuredClone(figures[plot.dataset.figure]);
    return dark.matches && !printing ? recoloured(figure) : figure;
  };

  const moveAboveRow = (annotation) => {
    annotation.font.size = 10;
    Object.assign(annotation, { xanchor: "right", xshift: 0, yshift: 11 });
  };

  const draw = (plot) => {
    const { data, layout } = figureOf(plot);
    for (const trace of data) trace.visible = !hidden.get(plot).has(trace.legendgroup);
    if (narrow.matches) layout.annotations.forEach(moveAboveRow);
    else if (layout.annotations.length) layout.margin.r = 170;
    if (plot.closest(".panel")) {
      layout.height = 180;
      layout.yaxis.title.text = ""; // said once, above the panels
    } else if (layout.meta?.square) layout.height = Math.min((plot.clientWidth || 600) + 40, 620);
    else layout.height ??= narrow.matches ? 300 : 380;
    layout.width = printing ? PRINTED[plot.closest(".panel") ? "panel" : "chart"] : plot.clientWidth || 600; // folded away: 600, until it is opened
    plot.style.height = `${layout.height}px`;
    layout.dragmode = coarse.matches ? false : "zoom";
    return Plotly.react(plot, data, layout, { displayModeBar: false });
  };

  const drawAll = () => Promise.all(plots.map(draw));

  const follow = new ResizeObserver((changes) => {
    for (const { target } of changes)
      if (!printing && target.clientWidth && target.clientWidth !== target.layout.width) draw(target);
  });

  const unescape = (text) =>
    text.replaceAll("&#36;", "$").replaceAll("&#37;", "%").replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&amp;", "&");

  const setUpLegend = (legend) => {
    const plot = legend.parentElement.querySelector(".plot");
    const matching = (button) => (trace) => unescape(trace.legendgroup) === button.title;
    const emphasise = (button) => {
      const others = (trace) => (button && !matching(button)(trace) ? 0.15 : 1);
      Plotly.restyle(plot, { opacity: plot.data.map(others) });
    };
    for (const button of legend.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        const shown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", shown);
        const groups = plot.data.filter(matching(button)).map((trace) => trace.legendgroup);
        for (const group of groups) shown ? hidden.get(plot).delete(group) : hidden.get(plot).add(group);
        draw(plot);
      });
      button.addEventListener("pointerenter", () => emphasise(button));
      button.addEventListener("pointerleave", () => emphasise(null));
    }
  };

  const compare = (first, second) => {
    if (first === "" || second === "") return 0;
    const [a, b] = [Number(first), Number(second)];
    return Number.isNaN(a) || Number.isNaN(b) ? first.localeCompare(second, "en") : a - b;
  };

  const sortBy = (table, column, direction) => {
    const body = table.tBodies[0];
    const key = (row) => row.cells[column].dataset.sort;
    const rows = [...body.rows].sort((first, second) => {
      const [a, b] = [key(first), key(second)];
      return (a === "") - (b === "") || direction * compare(a, b); // nothing is last either way
    });
    body.append(...rows);
  };

  const setUpSorting = (table) => {
    const headers = [...table.tHead.rows[0].cells];
    headers.forEach((header, column) =>
      header.querySelector("button").addEventListener("click", () => {
        const descending = header.getAttribute("aria-sort") === "ascending";
        for (const other of headers) other.removeAttribute("aria-sort");
        header.setAttribute("aria-sort", descending ? "descending" : "ascending");
        sortBy(table, column, descending ? -1 : 1);
      }),
    );
  };

  document.querySelectorAll("table.sortable").forEach(setUpSorting);
  if (plots.length) {
    drawAll().then(() => {
      plots.forEach((plot) => follow.observe(plot));
      document.querySelectorAll(".legend").forEach(setUpLegend);
      document.documentElement.dataset.drawn = plots.length;
    });
    for (const query of [dark, narrow]) query.addEventListener("change", drawAll);
    addEventListener("beforeprint", () => { printing = true; drawAll(); });
    addEventListener("afterprint", () => { printing = false; requestAnimationFrame(drawAll); });
  }
})();
