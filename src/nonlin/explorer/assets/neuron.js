// ---- Neurons: what the units of a small network make of the plane, and which of them still learn, live.
const FINE = 210, COARSE = 130; // squares a side of the grid: fewer where there is much to compute
const mixed = (one, other, share) => one.map((c, i) => c + (other[i] - c) * share);
const colourOf = (name) => {
  const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
};

const neuronView = () => {
  const canvas = html("canvas", { class: "plane", role: "img" }), told = html("p", { class: "lead" }), units = html("ul", { class: "units" }), live = heard();
  const picks = {
    unit: html("select", { id: "unit", onchange: () => renew({ unit: picks.unit.value }) }, ELEMENTWISE.map((e) => html("option", { value: e.name }, e.name))),
    task: html("select", { id: "task", onchange: () => renew({ task: picks.task.value }) }, Object.keys(TASKS).map((word) => html("option", { value: word }, word))),
    plane: html("select", { id: "plane", onchange: () => change({ plane: picks.plane.value }) }, Object.entries({ regions: "linear regions", output: "the output" }).map(([value, word]) => html("option", { value }, word))),
  };
  const SLIDERS = {
    width: ["Units a layer", { min: 1, max: 24, step: 1 }, (v) => renew({ width: v }), String],
    layers: ["Hidden layers", { min: 1, max: 2, step: 1 }, (v) => renew({ layers: v }), String],
    spread: ["Gain of the weights", { min: 0.1, max: 5, step: "any" }, (v) => renew({ spread: Number(v.toPrecision(3)) }), (v) => written(v, 3)],
    shift: ["Shift of the biases", { min: -8, max: 8, step: "any" }, (v) => renew({ shift: Number(v.toFixed(2)) }), (v) => written(v, 3)],
    rate: ["Learning rate", { min: -2, max: 1.7, step: "any" }, (v) => change({ rate: Number((10 ** v).toPrecision(2)) }), (v) => written(v, 2)],
  };
  const shown = {}, sliders = {};
  for (const [word, [label, attributes, set]] of Object.entries(SLIDERS)) {
    shown[word] = html("output", { for: word });
    sliders[word] = html("input", { type: "range", id: word, "aria-label": label, ...attributes, oninput: (event) => set(Number(event.target.value)) });
  }
  const train = html("button", { type: "button", "aria-pressed": "false", onclick: () => toggle() }, "Train");
  const again = html("button", { type: "button", onclick: () => renew({ seed: state.seed + 1 }) }, "Other weights");
  let network = null, points = null, straight = false, bends = 0, limit = 0, steps = 0, made = "", running = false;

  const change = (changes) => {
    Object.assign(state, changes);
    remember();
    draw();
  };
  const renew = (changes) => {
    stop();
    made = "";
    change(changes);
  };
  const stop = () => {
    running = false;
    train.setAttribute("aria-pressed", "false");
    train.textContent = steps ? "Train on" : "Train";
  };
  const toggle = () => {
    if (running) return stop();
    running = true;
    train.setAttribute("aria-pressed", "true");
    train.textContent = "Pause";
    turn();
  };
  const turn = () => {
    if (!running || !section.isConnected) return stop();
    for (let i = 0; i < 5; i++) trainStep(network, points, state.rate);
    steps += 5;
    drawNow();
    requestAnimationFrame(turn);
  };

  const build = () => {
    const entry = ENTRY.get(state.unit)?.kind === "elementwise" ? ENTRY.get(state.unit) : ENTRY.get(START.unit), one = { name: entry.name, values: {} };
    const key = JSON.stringify([one.name, state.task, state.width, state.layers, state.spread, state.shift, state.seed]);
    if (key === made) return;
    [made, steps] = [key, 0];
    points = pointsOf(Object.hasOwn(TASKS, state.task) ? state.task : START.task);
    network = makeNetwork(one, Array(state.layers).fill(state.width), state.spread, state.shift, state.seed);
    straight = isStraight(one);
    bends = bendsOf(one);
    limit = SLIGHT * (entry.facts.lipschitz ?? 1);
    stop();
  };

  const paint = () => {
    const side = state.layers * state.width > 20 ? COARSE : FINE;
    const context = canvas.getContext("2d"), picture = new ImageData(side, side), paper = colourOf("--paper"), ink = colourOf("--ink");
    const tints = Array.from({ length: SERIES }, (_, i) => mixed(paper, colourOf(`--series-${i}`), 0.34)), sides = [colourOf("--series-0"), colourOf("--series-1")];
    const grid = gridOf(side), regions = regionsOf(network, grid, straight);
    const outputs = state.plane === "output" ? grid.map(([x, y]) => 1 / (1 + Math.exp(-preActivations(network, x, y).at(-1)[0]))) : null;
    grid.forEach((_, i) => {
      const edge = (i % side && regions[i] !== regions[i - 1]) || (i >= side && regions[i] !== regions[i - side]);
      const plain = outputs ? mixed(paper, sides[Number(outputs[i] > 0.5)], 0.12 + 0.55 * Math.abs(2 * outputs[i] - 1)) : tints[Math.floor(regions[i] / 2097152) % SERIES];
      picture.data.set([...(edge ? mixed(plain, ink, outputs ? 0.25 : 0.5) : plain), 255], 4 * i);
    });
    const size = Math.round(canvas.clientWidth * devicePixelRatio) || side, small = new OffscreenCanvas(side, side);
    Object.assign(canvas, { width: size, height: size });
    small.getContext("2d").putImageData(picture, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, size, size);
    dots(context, size, sides, paper);
    return new Set(regions).size;
  };
  const dots = (context, size, sides, paper) => {
    const radius = size / 110, at = (v) => ((v + SIDE) / (2 * SIDE)) * size;
    context.lineWidth = radius / 2;
    for (const [x, y, wanted] of points) {
      context.beginPath();
      if (wanted) context.arc(at(x), at(-y), radius, 0, 7);
      else context.rect(at(x) - radius, at(-y) - radius, 2 * radius, 2 * radius);
      context.fillStyle = `rgb(${sides[wanted]})`;
      context.strokeStyle = `rgb(${paper})`;
      context.fill();
      context.stroke();
    }
  };

  const wordOf = ({ dead, saturated }) => (dead === 1 ? "dead" : saturated >= 0.95 ? "saturated" : "live");
  const drawUnits = (found) => units.replaceChildren(...found.map((one) => {
    const word = wordOf(one), percent = share(one.saturated);
    return html("li", { class: word }, html("span", {}, state.layers > 1 ? `${one.layer + 1}.${one.unit + 1}` : String(one.unit + 1)), " ", html("b", {}, word),
      svg("svg", { class: "bar-place", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, svg("rect", { class: "bar-track", width: 100, height: 10 }), svg("rect", { class: "bar-share", width: 100 * one.saturated, height: 10 })),
      html("span", {}, `${percent} idle`));
  }));

  const drawNow = () => {
    build();
    for (const [word, pick] of Object.entries(picks)) pick.value = state[word];
    for (const [word, [, , , text]] of Object.entries(SLIDERS)) {
      sliders[word].value = word === "rate" ? Math.log10(state.rate) : state[word];
      shown[word].value = text(state[word]);
    }
    sliders.rate.setAttribute("aria-valuetext", written(state.rate, 2));
    const number = paint(), found = unitsOf(network, points, limit), count = (word) => found.filter((one) => wordOf(one) === word).length;
    const most = state.layers === 1 ? ` (${state.width} ${state.width > 1 ? "lines make" : "line makes"} at most ${1 + state.width + (state.width * (state.width - 1)) / 2})` : "";
    const pieces = straight ? `${number} linear regions seen${bends === 1 ? most : ""}` : `${number} parts by the signs of the units’ inputs; the function is smooth, none is linear`;
    const learned = `loss ${written(lossOf(network, points), 3)}, ${share(rightOf(network, points))} right after ${steps} steps`;
    told.textContent = `${count("dead")} dead and ${count("saturated")} saturated of ${found.length} units; ${pieces}; ${learned}.`;
    canvas.setAttribute("aria-label", `The plane from ${MINUS}3 to 3 in both inputs, cut by the units. ${told.textContent}`);
    if (!running) live.say(told.textContent);
    drawUnits(found);
  };
  const draw = onceAFrame(drawNow);
  new ResizeObserver(() => network && section.isConnected && draw()).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => network && draw());

  const row = (word) => html("label", {}, html("span", {}, SLIDERS[word][0]), sliders[word], shown[word]);
  const section = html("section", { id: "neuron" },
    html("h2", { tabindex: "-1" }, "Neurons in the plane"),
    html("div", { class: "bench" },
      html("div", {}, html("div", { class: "bar" }, labelled("Activation", picks.unit), labelled("Points", picks.task), labelled("Show", picks.plane), html("div", { class: "group" }, train, again)),
        told, live.place,
        html("div", { class: "plane-row" }, canvas,
          html("section", {}, html("h3", {}, "Units"), units))),
      html("div", { class: "controls rows" }, Object.keys(SLIDERS).map(row),
        html("p", { class: "muted" }, "A network with two inputs. Each unit’s line is where its input crosses a kink, and between lines all is linear. Idle: the share of the points where a unit’s slope is below 1 % of its steepest; a unit is dead if its slope is 0 at all of them, and then nothing can move it again."),
        html("p", { class: "muted" }, "Try a shift of −6 with relu, then train; or a learning rate of 30."))));
  const plainly = () => ({
    points, layers: network.layers.map(({ weights, biases }) => [[...weights], [...biases]]),
    units: unitsOf(network, points, limit), loss: lossOf(network, points),
  });
  const trained = (number) => {
    for (let i = 0; i < number; i++) trainStep(network, points, state.rate);
  };
  return { section, show: draw, network: plainly, trained };
};
