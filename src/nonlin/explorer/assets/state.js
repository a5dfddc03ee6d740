// ---- What is shown: all of it stands in the address, so that a view can be shared, kept, and gone back to.
const START = {
  view: "curves", chosen: [{ name: "relu", values: {} }, { name: "gelu", values: {} }, { name: "silu", values: {} }],
  orders: [0, 1], low: -5, high: 5, bottom: null, top: null, log: false, reference: "", cursor: 1, name: "",
  search: "", kind: "", only: [], sort: "name", down: false,
  logits: [2, 1, 0.1, -1], temperature: 1,
  signal: "gelu", gain: null, depth: 50, bias: 0,
  unit: "relu", task: "ring", plane: "regions", width: 8, layers: 1, spread: 1.5, shift: 0, rate: 0.5, seed: 1,
};
const state = structuredClone(START);
const VIEWS = { curves: "Curves", facts: "Facts", softmax: "Softmax", signal: "Signal", neuron: "Neurons", data: "Data", function: null };

const numbersOf = (words) => words.map(Number).filter(Number.isFinite);
const flag = (word) => word === "1";

// For each part of the state: its words in the address, and how they are read.
const CODEC = {
  view: [(s) => [s.view], ([word]) => (Object.hasOwn(VIEWS, word) ? word : START.view)],
  orders: [(s) => [s.orders.join(" ")], ([word]) => numbersOf(word.split(" ")).filter((o) => [0, 1, 2].includes(o))],
  low: [(s) => [s.low], ([word]) => numberOr(word, START.low)],
  high: [(s) => [s.high], ([word]) => numberOr(word, START.high)],
  bottom: [(s) => (s.bottom === null ? [] : [s.bottom]), ([word]) => numberOr(word, null)],
  top: [(s) => (s.top === null ? [] : [s.top]), ([word]) => numberOr(word, null)],
  log: [(s) => [Number(s.log)], ([word]) => flag(word)],
  reference: [(s) => [s.reference], ([word]) => word],
  cursor: [(s) => [s.cursor], ([word]) => numberOr(word, START.cursor)],
  name: [(s) => [s.name], ([word]) => word],
  search: [(s) => [s.search], ([word]) => word],
  kind: [(s) => [s.kind], ([word]) => word],
  only: [(s) => s.only, (words) => words],
  sort: [(s) => [s.sort], ([word]) => word],
  down: [(s) => [Number(s.down)], ([word]) => flag(word)],
  logits: [(s) => [s.logits.join(" ")], ([word]) => numbersOf(word.split(" ").filter(Boolean)).slice(0, 40)],
  temperature: [(s) => [s.temperature], ([word]) => Math.max(numberOr(word, 1), 1e-3)],
  signal: [(s) => [s.signal], ([word]) => word],
  gain: [(s) => (s.gain === null ? [] : [s.gain]), ([word]) => numberOr(word, null)],
  depth: [(s) => [s.depth], ([word]) => clamped(Math.round(numberOr(word, START.depth)), 1, 200)],
  bias: [(s) => [s.bias], ([word]) => Math.max(numberOr(word, 0), 0)],
  unit: [(s) => [s.unit], ([word]) => word],
  task: [(s) => [s.task], ([word]) => word],
  plane: [(s) => [s.plane], ([word]) => word],
  width: [(s) => [s.width], ([word]) => clamped(Math.round(numberOr(word, START.width)), 1, 24)],
  layers: [(s) => [s.layers], ([word]) => clamped(Math.round(numberOr(word, 1)), 1, 2)],
  spread: [(s) => [s.spread], ([word]) => clamped(numberOr(word, START.spread), 0.01, 100)],
  shift: [(s) => [s.shift], ([word]) => numberOr(word, 0)],
  rate: [(s) => [s.rate], ([word]) => clamped(numberOr(word, START.rate), 1e-4, 1e3)],
  seed: [(s) => [s.seed], ([word]) => Math.round(numberOr(word, 1))],
};

const numberOr = (word, otherwise) => (word !== undefined && word !== "" && Number.isFinite(Number(word)) ? Number(word) : otherwise);

// The address of a state, with no word for what stands at its start.
const addressOf = (shown) => {
  const words = new URLSearchParams();
  for (const [name, [write]] of Object.entries(CODEC)) {
    const told = write(shown).map(String);
    if (told.join("\n") !== write(START).map(String).join("\n")) told.forEach((word) => words.append(name, word));
  }
  if (JSON.stringify(shown.chosen) !== JSON.stringify(START.chosen))
    shown.chosen.forEach(({ name, values }, place) => {
      words.append("f", name);
      for (const [parameter, value] of Object.entries(values)) words.append(`${place}.${parameter}`, String(value));
    });
  if (shown.chosen.length === 0) words.append("f", "");
  return `#${words}`;
};

// Reads an address into the state; what it does not say stands as at the start.
const readAddress = (hash) => {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  Object.assign(state, structuredClone(START));
  for (const [name, [, read]] of Object.entries(CODEC)) if (words.has(name)) state[name] = read(words.getAll(name));
  if (words.has("f"))
    state.chosen = words.getAll("f").map((name, place) => {
      const entry = ENTRY.get(name), values = {};
      for (const { name: parameter } of entry?.parameters ?? []) {
        const value = numberOr(words.get(`${place}.${parameter}`) ?? undefined, null);
        if (value !== null) values[parameter] = value;
      }
      return { name, values };
    }).filter(({ name }) => ENTRY.get(name)?.kind === "elementwise");
  if (!(state.low < state.high)) Object.assign(state, { low: START.low, high: START.high });
};

// Writes the state into the address, without a new entry in the history.
let known = location.hash; // the address as it was last read or written
const rememberState = () => {
  if (location.hash !== known) return; // somebody goes elsewhere: that is read in a moment
  history.replaceState(null, "", addressOf(state));
  known = location.hash;
};
const remember = (() => {
  let waiting = 0; // browsers refuse addresses that change too often
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(rememberState, 150);
  };
})();
