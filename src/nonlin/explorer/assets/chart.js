// ---- A chart: axes, lines and a cursor, drawn as SVG; lines come as points, in the data's own units.
const DASHES = ["", "8 3", "2 3", "9 3 2 3"];
const dashOf = (place) => DASHES[place % DASHES.length];
const SERIES = 10;
const looks = (place) => ({ class: `series-${place % SERIES}`, "stroke-dasharray": dashOf(place + Math.floor(place / SERIES)) });
const swatch = (place) => svg("svg", { class: "swatch", viewBox: "0 0 26 10", width: 26, height: 10, "aria-hidden": "true" },
  svg("line", { ...looks(place), x1: 0, x2: 26, y1: 5, y2: 5 }));

const keyOf = (place, words) => html("span", {}, swatch(place), ` ${words}`);

const MARGIN = { left: 54, right: 12, top: 10, bottom: 40 };
const FAR = 1e5; // pixels: what lies farther out is not drawn there, for the browser's sake

// The ends of the vertical axis: those that are given, else those of the data and a little more.
const extent = (spec) => {
  let low = Infinity, high = -Infinity;
  for (const { segments } of spec.curves)
    for (const segment of segments)
      for (const [, y] of segment)
        if (Number.isFinite(y)) {
          if (y < low) low = y;
          if (y > high) high = y;
        }
  if (low > high) [low, high] = [0, 1];
  const room = high - low > 1e-12 * Math.max(1, Math.abs(low)) ? 0.06 * (high - low) : spec.log ? 1 : Math.max(0.5, Math.abs(low) / 2);
  return [spec.bottom ?? low - room, spec.top ?? high + room];
};

const tenTo = (power) => svg("tspan", {}, "10", svg("tspan", { dy: "-5", "font-size": "9" }, String(power).replace("-", MINUS)));

class Chart {
  constructor(events = {}) {
    this.svg = svg("svg", { class: "chart", role: "img" });
    this.title = html("strong", { class: "chart-title" });
    this.reading = html("div", { class: "reading", "aria-hidden": "true", hidden: true });
    this.place = html("div", { class: "chart-place" }, this.svg, this.reading);
    this.figure = html("figure", {}, html("figcaption", {}, this.title), this.place);
    this.redraw = onceAFrame(() => this.spec && this.draw());
    new ResizeObserver(this.redraw).observe(this.place);
    this.listen(events);
  }

  update(spec) {
    this.spec = spec;
    this.draw();
  }

  draw() {
    const { spec } = this, width = this.place.clientWidth, height = this.place.clientHeight;
    if (!width) return;
    const [bottom, top] = extent(spec), inner = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
    this.x = (value) => MARGIN.left + ((value - spec.low) / (spec.high - spec.low)) * inner.width;
    this.y = (value) => clamped(MARGIN.top + ((top - value) / (top - bottom)) * inner.height, -FAR, FAR);
    this.inverse = (pixel) => spec.low + ((pixel - MARGIN.left) / inner.width) * (spec.high - spec.low);
    this.title.textContent = spec.title;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("aria-label", this.said(bottom, top));
    const clip = `clip-${charts.indexOf(this)}`;
    this.moving = svg("g", { class: "moving" });
    this.svg.replaceChildren(
      svg("clipPath", { id: clip }, svg("rect", { x: MARGIN.left, y: MARGIN.top, width: inner.width, height: inner.height })),
      ...this.axes(inner, bottom, top),
      svg("g", { "clip-path": `url(#${clip})`, class: "curves" }, spec.curves.map((curve) => this.line(curve))),
      this.moving,
    );
    this.point(spec.cursor);
  }

  said(bottom, top) {
    const { spec } = this, names = spec.curves.map((curve) => curve.label).join(", ") || "no function";
    const y = spec.log ? `10 to the ${written(bottom, 3)} to 10 to the ${written(top, 3)}` : `${written(bottom, 3)} to ${written(top, 3)}`;
    return `${spec.title} of ${names}; ${spec.across ?? "x"} from ${written(spec.low, 4)} to ${written(spec.high, 4)}, vertical axis from ${y}`;
  }

  axes(inner, bottom, top) {
    const { spec } = this, right = MARGIN.left + inner.width, foot = MARGIN.top + inner.height;
    const grid = (x1, y1, x2, y2, zero) => svg("line", { class: zero ? "zero" : "grid", x1, y1, x2, y2 });
    const text = (x, y, anchor, ...words) => svg("text", { class: "mark", x, y, "text-anchor": anchor }, ...words);
    const across = marks(spec.low, spec.high, inner.width / 70);
    const wanted = inner.height / 42, tens = spec.log && top - bottom > 1.5;
    const up = tens ? powers(bottom, top, wanted) : spec.log ? marks(10 ** bottom, 10 ** top, wanted).filter((v) => v > 0).map(Math.log10) : marks(bottom, top, wanted);
    const upWord = (v) => (tens ? tenTo(v) : written(spec.log ? 10 ** v : v, 4));
    return [
      ...across.map((v) => grid(this.x(v), MARGIN.top, this.x(v), foot, Math.abs(v) < 1e-9 * (spec.high - spec.low))),
      ...up.map((v) => grid(MARGIN.left, this.y(v), right, this.y(v), !spec.log && Math.abs(v) < 1e-9 * (top - bottom))),
      ...across.map((v) => text(this.x(v), foot + 17, "middle", written(v, 4))),
      ...up.map((v) => text(MARGIN.left - 7, this.y(v) + 4, "end", upWord(v))),
      text(MARGIN.left + inner.width / 2, foot + 34, "middle", spec.across ?? "x"),
    ];
  }

  line({ place, segments, faint, filled: full }) {
    const d = segments.map((segment) => {
      let path = "", down = false;
      if (full) segment = [[segment[0][0], 0], ...segment, [segment.at(-1)[0], 0]];
      for (const [x, y] of segment) {
        if (Number.isFinite(y)) path += `${down ? "L" : "M"}${this.x(x).toFixed(2)} ${this.y(y).toFixed(2)}`;
        down = Number.isFinite(y);
      }
      return path;
    });
    if (full) return svg("path", { class: "area", d: d.join("") });
    const { class: series, ...dash } = looks(place);
    return svg("path", { ...(faint ? {} : dash), class: `curve ${series}${faint ? " faint" : ""}`, d: d.join("") });
  }

  // Draws the cursor, a dot on each curve there, and tells their values in a box.
  point(x) {
    const { spec } = this;
    this.moving.replaceChildren();
    if (x === null || x === undefined || x < spec.low || x > spec.high) return void (this.reading.hidden = true);
    const told = spec.curves.filter((curve) => curve.at).map((curve) => ({ ...curve, value: curve.at(x) }));
    const height = this.place.clientHeight, pixel = this.x(x);
    this.moving.append(svg("line", { class: "cursor", x1: pixel, x2: pixel, y1: MARGIN.top, y2: height - MARGIN.bottom }));
    for (const { place, value } of told) {
      const y = this.y(spec.log ? Math.log10(Math.abs(value)) : value);
      if (y >= MARGIN.top && y <= height - MARGIN.bottom) this.moving.append(svg("circle", { class: `dot series-${place % SERIES}`, cx: pixel, cy: y, r: 3.5 }));
    }
    this.tell(told, pixel);
  }

  tell(told, pixel) {
    const rows = told.map(({ place, label, value }) => html("div", {}, swatch(place), html("span", {}, label), html("b", {}, written(value))));
    this.reading.hidden = !this.hovered || rows.length === 0;
    this.reading.classList.toggle("at-left", pixel > this.place.clientWidth / 2);
    this.reading.replaceChildren(html("div", { class: "reading-head" }, `${this.spec.across ?? "x"} = ${written(this.spec.cursor, 4)}`), ...rows);
  }

  // The pointer reads; a mouse that drags marks what to zoom into, and with Shift moves it.
  listen({ read, zoom, move, reset }) {
    read ??= (x) => this.spec && this.point((this.spec.cursor = x));
    const at = (event) => this.inverse(event.clientX - this.svg.getBoundingClientRect().left);
    let from = null, mark = null;
    const finish = (event, done) => {
      if (from === null) return;
      const [a, b] = [from.x, at(event)].sort((one, other) => one - other), wide = Math.abs(event.clientX - from.pixel) > 6;
      mark?.remove();
      [from, mark] = [null, null];
      if (done && wide && zoom && !event.shiftKey) zoom(Math.max(a, this.spec.low), Math.min(b, this.spec.high));
    };
    this.place.addEventListener("pointerdown", (event) => {
      this.hovered = true;
      read?.(at(event));
      if (event.pointerType !== "mouse" || event.button || !zoom) return;
      from = { x: at(event), pixel: event.clientX };
      this.place.setPointerCapture(event.pointerId);
    });
    this.place.addEventListener("pointermove", (event) => {
      this.hovered = true;
      if (from && event.shiftKey) return move(from.x - at(event));
      read?.(clamped(at(event), this.spec.low, this.spec.high));
      if (!from) return;
      const [a, b] = [this.x(from.x), this.x(at(event))].sort((one, other) => one - other);
      mark ??= svg("rect", { class: "marked", y: MARGIN.top, height: this.place.clientHeight - MARGIN.top - MARGIN.bottom });
      filled(mark, { x: a, width: b - a }, []);
      this.svg.append(mark);
    });
    this.place.addEventListener("pointerup", (event) => finish(event, true));
    this.place.addEventListener("pointercancel", (event) => finish(event, false));
    this.place.addEventListener("pointerleave", () => {
      this.hovered = false;
      this.reading.hidden = true;
    });
    this.place.addEventListener("dblclick", () => reset?.());
    this.place.addEventListener("wheel", (event) => {
      if (!zoom || !(event.ctrlKey || event.metaKey)) return; // a plain wheel scrolls the page
      event.preventDefault();
      const about = at(event), factor = Math.exp(event.deltaY / 300);
      zoom(about + (this.spec.low - about) * factor, about + (this.spec.high - about) * factor);
    }, { passive: false });
    if (zoom) this.pinch(zoom);
  }

  // Two fingers zoom and move: the values that they took hold of stay under them.
  pinch(zoom) {
    const fingers = new Map();
    let held = null;
    const put = (event) => fingers.set(event.pointerId, event.clientX - this.svg.getBoundingClientRect().left);
    const leave = (event) => {
      fingers.delete(event.pointerId);
      held = null;
    };
    this.place.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "touch") return;
      put(event);
      held = fingers.size === 2 ? [...fingers.values()].map((pixel) => this.inverse(pixel)) : null;
    });
    this.place.addEventListener("pointermove", (event) => {
      if (!held || !fingers.has(event.pointerId)) return;
      put(event);
      const [one, other] = fingers.values(), [left, right] = [this.x(this.spec.low), this.x(this.spec.high)];
      const pixel = (held[1] - held[0]) / (other - one); // so much of x
      if (pixel > 0 && Number.isFinite(pixel)) zoom(held[0] + (left - one) * pixel, held[0] + (right - one) * pixel);
    });
    for (const end of ["pointerup", "pointercancel"]) this.place.addEventListener(end, leave);
  }
}

const charts = [];
const chart = (events) => {
  const made = new Chart(events);
  charts.push(made);
  return made;
};

// A function as points between two ends: broken where it jumps, which is looked for by halving.
const sampled = (f, low, high, number) => {
  const step = (high - low) / number, points = [];
  for (let i = 0; i <= number; i++) points.push([low + i * step, f(low + i * step)]);
  let least = Infinity, most = -Infinity;
  for (const [, y] of points) if (Number.isFinite(y)) [least, most] = [Math.min(least, y), Math.max(most, y)];
  const segments = [[points[0]]], steep = 0.04 * (most - least);
  for (let i = 1; i < points.length; i++) {
    const ends = Math.abs(points[i][1] - points[i - 1][1]) > steep ? jump(f, points[i - 1], points[i]) : null;
    if (ends) {
      segments.at(-1).push(ends[0]);
      segments.push([ends[1]]);
    }
    segments.at(-1).push(points[i]);
  }
  return segments;
};

// The two sides of a jump between two points; null where the function only rises or falls steeply.
const jump = (f, left, right) => {
  const whole = Math.abs(right[1] - left[1]);
  for (let i = 0; i < 40; i++) {
    const x = (left[0] + right[0]) / 2, middle = [x, f(x)];
    if (x === left[0] || x === right[0]) break;
    if (Math.abs(middle[1] - left[1]) > Math.abs(right[1] - middle[1])) right = middle;
    else left = middle;
  }
  return Math.abs(right[1] - left[1]) > 0.5 * whole ? [left, right] : null;
};
