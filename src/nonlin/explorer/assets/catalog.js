// ---- The catalog, and its functions by name; FUNCTIONS, which stands above, has their order.
const { entries: CATALOG, where: WHERE } = JSON.parse(document.getElementById("catalog").textContent);
const ENTRY = new Map();
CATALOG.forEach((entry, place) => {
  if (!ENTRY.has(entry.name)) ENTRY.set(entry.name, entry);
  entry.functions = FUNCTIONS[place];
  for (const parameter of entry.parameters) parameter.default = Number(parameter.default); // JSON has no Infinity
});
const ELEMENTWISE = CATALOG.filter((entry) => entry.kind === "elementwise" && ENTRY.get(entry.name) === entry);

// The parameters of a function in order, where nothing is given as they are by default.
const parametersOf = (entry, values) => entry.parameters.map((p) => values[p.name] ?? p.default);

// A derivative of a chosen function (order 0 is itself) as a function of x alone.
const derivative = ({ name, values }, order) => {
  const entry = ENTRY.get(name), f = entry.functions[order], given = parametersOf(entry, values);
  return given.length ? (x) => f(x, ...given) : f;
};

const titleOf = ({ name, values }) => {
  const told = Object.entries(values).map(([parameter, value]) => `${parameter} = ${written(value, 3)}`);
  return told.length ? `${name} (${told.join(", ")})` : name;
};

// The ends of a parameter's slider: where its lower end makes no number of some input, what must be positive stays so.
const endsOf = (entry, parameter) => {
  const works = (value) => [-3, -1, -0.1, 0.1, 1, 3].every((x) => Number.isFinite(derivative({ name: entry.name, values: { [parameter.name]: value } }, 0)(x)));
  return [works(parameter.low) ? parameter.low : parameter.default / 20, parameter.high];
};
