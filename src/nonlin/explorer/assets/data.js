// ---- Your data: slopes under the distribution of your own pre-activations, or the results of a study of yours.
const MOST_NUMBERS = 400000; // of more, this many are taken, evenly: a slider still moves at once
const SLIGHT = 0.01; // a slope below this share of the steepest is called saturated, as in the facts

const thinned = (numbers) => {
  if (numbers.length <= MOST_NUMBERS) return numbers;
  const step = numbers.length / MOST_NUMBERS;
  return Float64Array.from({ length: MOST_NUMBERS }, (_, i) => numbers[Math.floor(i * step)]);
};

// The steepest slope that a function has anywhere: its Lipschitz constant at the defaults, else of what is seen.
const steepest = (one, slopes) => {
  const entry = ENTRY.get(one.name), plain = Object.keys(one.values).length === 0;
  return (plain && entry.facts.lipschitz) || slopes.reduce((most, s) => Math.max(most, Math.abs(s)), 0);
};

// What a function does with numbers: means over them all.
const underData = (one, numbers) => {
  const values = numbers.map(derivative(one, 0)), slopes = numbers.map(derivative(one, 1)), limit = SLIGHT * steepest(one, slopes);
  const mean = (array, of) => array.reduce((sum, v) => sum + of(v), 0) / array.length, average = mean(values, (v) => v);
  return {
    slope: mean(slopes, (s) => s), square: mean(slopes, (s) => s * s),
    dead: mean(slopes, (s) => Number(s === 0)), saturated: mean(slopes, (s) => Number(Math.abs(s) < limit)),
    average, variance: mean(values, (v) => (v - average) ** 2),
  };
};

const quantile = (sorted, share) => sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)];

// Steps of a histogram between two ends, the highest of a given height.
const histogram = (numbers, low, high, height, number = 80) => {
  const counts = new Float64Array(number), width = (high - low) / number;
  for (const v of numbers) if (v >= low && v <= high) counts[Math.min(Math.floor((v - low) / width), number - 1)]++;
  const most = Math.max(...counts, 1);
  return [...counts].flatMap((count, i) => [[low + i * width, (height * count) / most], [low + (i + 1) * width, (height * count) / most]]);
};

const share = (value) => `${written(100 * value, 3)} %`;
const MEANS = [
  ["mean f′", ({ slope }) => written(slope, 4), "The mean slope."],
  ["mean f′²", ({ square }) => written(square, 4), "What a layer multiplies the squared gradient by, under a gain of 1."],
  ["dead", ({ dead }) => share(dead), "Where f′ is exactly 0: nothing flows back."],
  ["saturated", ({ saturated }) => share(saturated), "Where f′ is below 1 % of its steepest: next to nothing flows back."],
  ["mean f", ({ average }) => written(average, 4), "The mean value."],
  ["variance of f", ({ variance }) => written(variance, 4), "The variance of the values."],
];

const dataView = () => {
  const given = { numbers: null, name: "" }, wrong = html("p", { class: "wrong", role: "alert" }), body = html("div");
  const file = html("input", { type: "file", id: "file", accept: ".npy,.csv,.txt,.json", onchange: () => file.files[0] && take(file.files[0]) });
  const take = async (chosen) => {
    wrong.textContent = "";
    try {
      Object.assign(given, { numbers: null, study: null, ignored: 0 }, await readFile(chosen), { name: chosen.name });
      if (given.numbers) Object.assign(given, { all: given.numbers.length, numbers: thinned(given.numbers) });
      draw();
    } catch (reason) {
      wrong.textContent = `${chosen.name} cannot be read. ${reason instanceof RangeError ? "It is cut short." : reason.message}`;
    }
    zone.dataset.read = Number(zone.dataset.read ?? 0) + 1; // for tests: reading takes its time
  };
  const example = () => {
    const normal = normalNumbers(1);
    wrong.textContent = "";
    Object.assign(given, { numbers: Float64Array.from({ length: 10000 }, normal), study: null, ignored: 0, all: 10000, name: "a standard normal sample" });
    draw();
  };
  const zone = html("div", { class: "zone" },
    html("p", {}, html("label", {}, html("span", {}, "A file"), file), " or drop it here."),
    html("p", { class: "muted" }, "Pre-activations of your layer as NPY or CSV, or a study’s results.json. It is read in this page and goes nowhere."),
    html("p", {}, html("button", { type: "button", onclick: example }, "Try a standard normal sample")));
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });

  const numbersPart = numbersOfData(given), studyPart = studyOfData(given);
  const draw = () => {
    body.replaceChildren(...(given.study ? [studyPart.section] : given.numbers ? [numbersPart.section] : []));
    if (given.study) studyPart.draw();
    else if (given.numbers) numbersPart.draw();
  };
  const section = html("section", { id: "data" }, html("h2", { tabindex: "-1" }, "Your data"), zone, wrong, body);
  return { section, show: draw };
};

const numbersOfData = (given) => {
  const panel = chart({ read: (x) => readAt(x) }), table = html("table"), told = html("p", { role: "status" });
  const add = html("select", { id: "data-add" }, html("option", { value: "" }, "Add a function…"), ELEMENTWISE.map((e) => html("option", { value: e.name }, e.name)));
  const readAt = (x) => {
    state.cursor = Number(x.toPrecision(6));
    panel.update({ ...panel.spec, cursor: state.cursor });
  };
  const choose = (chosen) => {
    state.chosen = chosen;
    remember();
    draw();
  };
  add.addEventListener("change", () => {
    if (add.value && state.chosen.length < MOST) choose([...state.chosen, { name: add.value, values: {} }]);
    add.value = "";
  });
  const row = (one, place) => {
    const found = underData(one, given.numbers), remove = () => {
      choose(state.chosen.filter((other) => other !== one));
      add.focus();
    };
    return html("tr", {}, html("th", { scope: "row" }, swatch(place), " ", titleOf(one)), MEANS.map(([, of]) => html("td", { class: "number" }, of(found))),
      html("td", {}, html("button", { type: "button", class: "small-button", "aria-label": `Remove ${titleOf(one)}`, onclick: remove }, "×")));
  };
  const draw = () => {
    const sorted = given.numbers.slice().sort(), [low, high] = [quantile(sorted, 0.001), quantile(sorted, 0.999)], room = 0.05 * (high - low) || 1;
    const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length, spread = Math.sqrt(sorted.reduce((sum, v) => sum + (v - mean) ** 2, 0) / sorted.length);
    told.textContent = `${given.name}: ${given.all.toLocaleString("en")} finite numbers, mean ${written(mean, 4)}, standard deviation ${written(spread, 4)}, from ${written(sorted[0], 4)} to ${written(sorted.at(-1), 4)}.`
      + (given.ignored ? ` ${given.ignored.toLocaleString("en")} that are no finite number were left out.` : "") + (given.all > given.numbers.length ? ` Means are over ${given.numbers.length.toLocaleString("en")} of them, taken evenly.` : "");
    const ends = { low: low - room, high: high + room };
    const slopes = state.chosen.map((one, place) => {
      const at = derivative(one, 1);
      return { label: titleOf(one), place, at, segments: sampled(at, ends.low, ends.high, 500) };
    });
    const tallest = Math.max(...slopes.flatMap(({ segments }) => segments.flatMap((points) => points.map(([, y]) => (Number.isFinite(y) ? y : 0)))), 0) || 1;
    const bars = { label: "your values", filled: true, segments: [histogram(given.numbers, ends.low, ends.high, tallest)] };
    panel.update({ title: "f′(x) over the histogram of your values, which is not to scale", curves: [bars, ...slopes], ...ends, cursor: clamped(state.cursor, ends.low, ends.high) });
    table.replaceChildren(html("caption", {}, "Under your distribution"),
      html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "function"), MEANS.map(([title, , help]) => html("th", { scope: "col", class: "number", title: help }, title)), html("td"))),
      html("tbody", {}, state.chosen.map(row)));
  };
  const section = html("div", {}, told, panel.figure, html("div", { class: "bar" }, html("label", {}, html("span", { class: "hidden" }, "Add a function"), add)),
    html("div", { class: "frame", tabindex: 0, role: "region", "aria-label": "Under your distribution" }, table),
    html("p", { class: "muted" }, "Dead: f′ is exactly 0. Saturated: |f′| is below 1 % of the steepest slope, the dead included. Parameters are those chosen under Curves."));
  return { section, draw };
};

const studyOfData = (given) => {
  const panels = [chart(), chart()], section = html("div");
  const lines = (study, quantity) => ranked(study).map((name, place) => {
    const { epochs, [quantity]: band } = study.activations[name].curves ?? {}, mean = band?.mean ?? [];
    const points = mean.map((v, i) => [epochs[i], v === null ? NaN : v]);
    const nearest = (x) => points.reduce((best, point) => (Math.abs(point[0] - x) < Math.abs(best[0] - x) ? point : best), [Infinity, NaN])[1];
    return { label: name, place, at: nearest, segments: [points] };
  });
  const interval = ({ difference }) => (difference ? `${written(difference.mean, 3)} [${difference.interval.map((v) => written(v, 3)).join(", ")}]` : NOTHING);
  const ranked = (study) => (Array.isArray(study.ranking) ? study.ranking.filter((name) => Object.hasOwn(study.activations, name)) : Object.keys(study.activations));
  const row = (study) => (name, place) => {
    const one = study.activations[name];
    return html("tr", {}, html("th", { scope: "row" }, swatch(place), " ", name),
      [one.verdict, written(one.metric.mean, 5), interval(one), one.learning_rate, written(one.step_milliseconds?.median, 3), one.zero_slope_share ? share(one.zero_slope_share.mean) : NOTHING].map((word, i) => html("td", { class: i === 0 ? "" : "number" }, String(word ?? NOTHING))));
  };
  const draw = () => {
    const { study } = given, epochs = Object.values(study.activations).flatMap((one) => one.curves?.epochs ?? [0, 1]), metric = study.metric?.name ?? "metric";
    const titles = ["verdict", metric, "difference to the reference, with its interval", "learning rate", "ms per step", "slope 0"];
    section.replaceChildren(
      html("h3", {}, study.title ?? given.name), html("p", { class: "lead" }, study.verdict),
      html("div", { class: "frame", tabindex: 0, role: "region", "aria-label": "Ranking" },
        html("table", {}, html("caption", {}, study.comparison?.method ?? ""), html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "activation"), titles.map((t, i) => html("th", { scope: "col", class: i === 0 ? "" : "number" }, t)))),
          html("tbody", {}, ranked(study).map(row(study))))),
      html("div", { class: "panels" }, panels.map((p) => p.figure)),
      html("ul", { class: "muted" }, (study.notes ?? []).map((note) => html("li", {}, String(note)))));
    const loss = lines(study, "train_loss").every(({ segments: [points] }) => points.every(([, v]) => !(v <= 0)));
    const spec = { low: Math.min(...epochs), high: Math.max(...epochs), across: "epoch", cursor: null };
    const logged = (curves) => curves.map((c) => ({ ...c, segments: c.segments.map((points) => points.map(([x, y]) => [x, Math.log10(y)])) }));
    panels[0].update({ ...spec, title: "Training loss", log: loss, curves: loss ? logged(lines(study, "train_loss")) : lines(study, "train_loss") });
    panels[1].update({ ...spec, title: `${metric}, validation`, curves: lines(study, "validation_metric") });
  };
  return { section, draw };
};
