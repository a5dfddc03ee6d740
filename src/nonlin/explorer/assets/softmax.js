// ---- Softmax: a row of numbers becomes a row of shares; the temperature sharpens or flattens them.
const softmaxView = () => {
  const softmax = (z, temperature) => ENTRY.get("softmax").functions[0](z, temperature);
  const logits = html("input", { type: "text", id: "logits", inputmode: "text", autocomplete: "off", spellcheck: "false", onchange: () => setLogits() });
  const slider = html("input", { type: "range", id: "temperature", min: -2, max: 2, step: "any", oninput: () => change({ temperature: Number((10 ** Number(slider.value)).toPrecision(4)) }) });
  const number = html("input", { type: "number", step: "any", min: 0.001, "aria-label": "Temperature, as a number", onchange: () => number.value > 0 && change({ temperature: Number(number.value) }) });
  const wrong = html("p", { class: "wrong", role: "alert" }), bars = html("tbody"), told = html("p", { role: "status" });
  const setLogits = () => {
    const words = logits.value.split(/[\s,;]+/).filter(Boolean), given = words.map((word) => Number(word.replace(MINUS, "-")));
    const bad = words.find((_, i) => !Number.isFinite(given[i]));
    wrong.textContent = bad !== undefined ? `“${bad}” is no number.` : given.length === 0 ? "Give at least one number." : given.length > 40 ? "Forty numbers are the most." : "";
    if (!wrong.textContent) change({ logits: given });
  };
  const change = (changes) => {
    Object.assign(state, changes);
    remember();
    draw();
  };
  const bar = (share) => svg("svg", { class: "bar-place", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, svg("rect", { class: "bar-track", width: 100, height: 10 }), svg("rect", { class: "bar-share", width: Math.max(100 * share, 0), height: 10 }));
  const row = (z, share, i) => html("tr", {}, html("th", { scope: "row" }, `z${i + 1}`), html("td", { class: "number" }, written(z)), html("td", { class: "number" }, written(share, 4)), html("td", { class: "wide-bar" }, bar(share)));
  const draw = () => {
    if (document.activeElement !== logits) logits.value = state.logits.map((z) => String(z)).join(", ");
    if (document.activeElement !== number) number.value = state.temperature;
    slider.value = Math.log10(state.temperature);
    slider.setAttribute("aria-valuetext", `temperature ${written(state.temperature, 3)}`);
    const shares = softmax(state.logits, state.temperature), entropy = -shares.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
    bars.replaceChildren(...shares.map((share, i) => row(state.logits[i], share, i)));
    told.textContent = `The largest share is ${written(Math.max(...shares), 4)}; the entropy ${written(Math.abs(entropy), 4)} of at most ${written(Math.log(shares.length), 4)} nats, as if ${written(Math.exp(entropy), 3)} were equally likely.`;
  };
  const section = html("section", { id: "softmax" },
    html("h2", { tabindex: "-1" }, "Softmax with a temperature"),
    html("p", {}, "A row of numbers z becomes shares that sum to 1: exp(zᵢ / T) divided by the sum of them all. A small temperature T lets the largest take everything; a large one makes all alike."),
    html("div", { class: "bar" }, labelled("Numbers z", logits), labelled("Temperature T", slider, number)), wrong,
    html("table", { class: "shares" }, html("thead", {}, html("tr", {}, ["", "z", "share", ""].map((word, i) => html(word ? "th" : "td", word ? { scope: "col", class: "number" } : {}, word)))), bars), told);
  return { section, show: draw };
};
