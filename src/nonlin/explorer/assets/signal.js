// ---- Signal: what variance and gradient become through many wide layers, by theory and in one random network.

// A layer with weights of variance g² / fan_in maps the variance q to g² E f(√q z)² + b², and multiplies the squared
// gradient by g² E f′(√q z)²; the means are over a standard normal z, by the midpoint rule, which is exact to many
// digits for smooth functions and where a slope jumps at 0, between two nodes, and to three where one jumps elsewhere.
const NODES = 2000, WIDEST = 8;
const nodes = Array.from({ length: NODES }, (_, i) => -WIDEST + (2 * WIDEST * (i + 0.5)) / NODES);
const weights = (() => {
  const bell = nodes.map((z) => Math.exp((-z * z) / 2)), total = bell.reduce((a, b) => a + b);
  return bell.map((w) => w / total);
})();
const meanSquare = (f, deviation) => nodes.reduce((sum, z, i) => sum + weights[i] * f(deviation * z) ** 2, 0);

const theory = (one, gain, bias, depth) => {
  const f = derivative(one, 0), slope = derivative(one, 1), variance = [1], gradient = [1];
  for (let layer = 0; layer < depth; layer++) {
    const deviation = Math.sqrt(variance.at(-1));
    gradient.push(gradient.at(-1) * gain ** 2 * meanSquare(slope, deviation));
    variance.push(gain ** 2 * meanSquare(f, deviation) + bias ** 2);
  }
  return { variance, gradient };
};

// Uniform numbers from a seed (mulberry32), and normal ones by pairs (Box and Muller).
const normalNumbers = (seed) => {
  const uniform = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
};

const WIDTH = 96, BATCH = 8;
const product = (matrix, row, transposed) => {
  const out = new Float64Array(WIDTH);
  for (let i = 0; i < WIDTH; i++) for (let j = 0; j < WIDTH; j++) out[i] += matrix[transposed ? j * WIDTH + i : i * WIDTH + j] * row[j];
  return out;
};
const size = (rows) => rows.reduce((sum, row) => sum + row.reduce((s, v) => s + v * v, 0), 0) / (rows.length * WIDTH);

// One random network: the mean square of each layer's input to f, and of what flows back to it from the last.
const measured = (one, gain, bias, depth) => {
  const f = derivative(one, 0), slope = derivative(one, 1), normal = normalNumbers(1), matrices = [], layers = [];
  const fresh = (n) => Float64Array.from({ length: n }, normal);
  layers.push(Array.from({ length: BATCH }, () => fresh(WIDTH)));
  for (let layer = 0; layer < depth; layer++) {
    const matrix = fresh(WIDTH * WIDTH).map((w) => (w * gain) / Math.sqrt(WIDTH)), shift = fresh(WIDTH).map((b) => b * bias);
    matrices.push(matrix);
    layers.push(layers.at(-1).map((row) => product(matrix, row.map(f)).map((v, i) => v + shift[i])));
  }
  let back = Array.from({ length: BATCH }, () => fresh(WIDTH));
  const gradient = [size(back)];
  for (let layer = depth - 1; layer >= 0; layer--) {
    back = back.map((row, b) => product(matrices[layer], row, true).map((v, i) => v * slope(layers[layer][b][i])));
    gradient.push(size(back));
  }
  return { variance: layers.map(size), gradient: gradient.map((g) => g / gradient[0]) };
};

const signalView = () => {
  const made = { variance: chart(), gradient: chart() };
  const pick = html("select", { id: "signal-name", onchange: () => change({ signal: pick.value, gain: null }) }, ELEMENTWISE.map((e) => html("option", { value: e.name }, e.name)));
  const control = (id, label, attributes, set) => html("input", { type: "range", id, "aria-label": label, ...attributes, oninput: (event) => set(Number(event.target.value)) });
  const gain = control("gain", "Gain", { min: 0.1, max: 5, step: "any" }, (g) => change({ gain: Number(g.toPrecision(4)) }));
  const depth = control("depth", "Depth", { min: 1, max: 200, step: 1 }, (d) => change({ depth: d }));
  const bias = control("bias", "Bias", { min: 0, max: 1, step: "any" }, (b) => change({ bias: Number(b.toPrecision(3)) }));
  const shown = { gain: html("output"), depth: html("output"), bias: html("output") }, told = html("p", { role: "status", class: "lead" });
  const own = html("button", { type: "button", onclick: () => change({ gain: null }) }, "Its own gain");
  const change = (changes) => {
    Object.assign(state, changes);
    remember();
    draw();
  };
  const line = (values, place, label, faint) => {
    const points = values.map((v, layer) => [layer, Math.log10(v)]);
    return { segments: [points], place, label, faint, at: (x) => values[Math.round(x)] };
  };
  const verdict = (gradient, variance) => {
    const last = gradient.at(-1), through = `through ${state.depth} layers`, size2 = variance.at(-1);
    if (!(last > 0)) return `The gradient vanishes entirely ${through}.`;
    if (!Number.isFinite(last)) return `The gradient grows beyond all numbers ${through}.`;
    const factor = last ** (1 / state.depth);
    const word = last < 1e-3 ? "vanishes" : last > 1e3 ? "explodes" : "lives";
    return `The gradient ${word}: its square is multiplied by ${written(last, 3)} ${through}, ${written(factor, 4)} a layer; the variance becomes ${written(size2, 3)}.`;
  };
  const draw = onceAFrame(() => {
    const entry = ENTRY.get(state.signal)?.kind === "elementwise" ? ENTRY.get(state.signal) : ELEMENTWISE[0], one = { name: entry.name, values: {} };
    const g = state.gain ?? entry.facts.gain ?? 1;
    pick.value = entry.name;
    [gain.value, depth.value, bias.value] = [g, state.depth, state.bias];
    [shown.gain.value, shown.depth.value, shown.bias.value] = [written(g, 4), String(state.depth), written(state.bias, 3)];
    own.disabled = state.gain === null || entry.facts.gain === null;
    const wide = theory(one, g, state.bias, state.depth), real = measured(one, g, state.bias, state.depth);
    told.textContent = verdict(wide.gradient, wide.variance);
    for (const [name, title, across] of [["variance", "Variance of the pre-activations", "layer, from the input"], ["gradient", "Mean square of the gradient", "layers back from the output"]])
      made[name].update({ title, across, low: 0, high: state.depth, log: true, cursor: null, curves: [line(real[name], 4, `one network ${WIDTH} wide`, true), line(wide[name], 0, "infinitely wide")] });
  });
  const group = (word, control_, output, ...more) => html("label", {}, html("span", {}, word), control_, output, ...more);
  const section = html("section", { id: "signal" },
    html("h2", { tabindex: "-1" }, "Signal through depth"),
    html("div", { class: "bar" }, labelled("Activation", pick), group("Gain g", gain, shown.gain), own, group("Depth", depth, shown.depth), group("Bias b", bias, shown.bias)),
    told,
    html("p", { class: "key" }, keyOf(0, "layers infinitely wide, by theory"), keyOf(4, `one random network ${WIDTH} wide, ${BATCH} inputs`)),
    html("div", { class: "panels" }, made.variance.figure, made.gradient.figure),
    html("p", { class: "muted" }, "A narrow network strays from the theory, the farther the deeper; where the variance 1 repels, as the function’s own page says, it does not come back. Weights are normal with standard deviation g / √fan_in, biases normal with b. The theory: Poole et al. (2016), arXiv:1606.05340; Schoenholz et al. (2017), arXiv:1611.01232."));
  return { section, show: draw };
};
