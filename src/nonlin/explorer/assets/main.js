// ---- The views, and the way between them: the address says which one is shown.
const made = {};
const make = { curves: curvesView, facts: factsView, softmax: softmaxView, signal: signalView, neuron: neuronView, data: dataView, function: panelView };
const content = document.getElementById("content"), tabs = new Map();

const show = (moved) => {
  made[state.view] ??= make[state.view]();
  if (content.lastElementChild !== made[state.view].section) content.replaceChildren(made[state.view].section);
  for (const [view, link] of tabs) view === state.view ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  made[state.view].show();
  document.title = `${state.view === "function" ? state.name : VIEWS[state.view]} · Activation functions`;
  if (moved) {
    scrollTo(0, 0);
    content.querySelector("h2").focus({ preventScroll: true });
  }
};

for (const [view, title] of Object.entries(VIEWS)) {
  if (!title) continue;
  const link = html("a", { href: view === START.view ? "#" : `#view=${view}` }, title);
  tabs.set(view, link);
  document.getElementById("views").append(html("li", {}, link));
}

addEventListener("hashchange", () => {
  if (location.hash === known) return;
  known = location.hash;
  const before = `${state.view} ${state.name}`;
  readAddress(location.hash);
  show(before !== `${state.view} ${state.name}`);
});
readAddress(location.hash);
show(false);
document.documentElement.dataset.drawn = "";
performance.mark("drawn");

// For tests and for the curious: the values that the page draws.
globalThis.nonlin = {
  names: ELEMENTWISE.map((entry) => entry.name),
  call: (name, which, ...given) => ENTRY.get(name).functions[which](...given),
  ends: (name) => Object.fromEntries(ENTRY.get(name).parameters.map((p) => [p.name, endsOf(ENTRY.get(name), p)])),
  values: (name, order, inputs, parameters = {}) => inputs.map(derivative({ name, values: parameters }, order)),
  network: () => made.neuron.network(),
  train: (steps) => made.neuron.trained(steps),
  address: () => addressOf(state),
};
