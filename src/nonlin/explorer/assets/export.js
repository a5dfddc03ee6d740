// ---- Pictures to keep: charts as one SVG with a legend, in the colours of the screen, or as PNG.
const PAINT = ["fill", "stroke", "stroke-width", "opacity", "font-size", "font-family", "stroke-linejoin"];

const frozen = (original) => {
  const copy = original.cloneNode(true), from = [...original.querySelectorAll("*")], to = [...copy.querySelectorAll("*")];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of PAINT) to[i].setAttribute(name, style.getPropertyValue(name));
    to[i].removeAttribute("class");
  });
  return copy;
};

const picture = (shown, legend) => {
  const paper = getComputedStyle(document.documentElement), colour = (name) => paper.getPropertyValue(name).trim();
  const width = Math.max(...shown.map((c) => c.place.clientWidth)), font = paper.fontFamily;
  const whole = svg("svg", { xmlns: SVG, width, "font-family": font });
  const words = (x, y, text, size, weight = 400) => svg("text", { x, y, "font-size": size, "font-weight": weight, fill: colour("--ink") }, text);
  let y = 8;
  for (const { label, place } of legend) {
    const line = svg("line", { x1: 12, x2: 40, y1: y + 8, y2: y + 8, stroke: colour(`--series-${place % SERIES}`), "stroke-width": 2.4, "stroke-dasharray": dashOf(place + Math.floor(place / SERIES)) });
    whole.append(line, words(48, y + 12, label, 13));
    y += 20;
  }
  for (const drawn of shown) {
    const { clientWidth, clientHeight } = drawn.place, inner = frozen(drawn.svg);
    inner.querySelectorAll("clipPath").forEach((clip) => (clip.id += "-kept"));
    inner.querySelectorAll("[clip-path]").forEach((g) => g.setAttribute("clip-path", g.getAttribute("clip-path").replace(")", "-kept)")));
    filled(inner, { x: 0, y: y + 20, width: clientWidth, height: clientHeight }, []);
    whole.append(words(12, y + 14, drawn.spec.title, 14, 600), inner);
    y += 24 + clientHeight;
  }
  filled(whole, { height: y, viewBox: `0 0 ${width} ${y}` }, []);
  whole.prepend(svg("rect", { width, height: y, fill: colour("--paper") }));
  return { text: new XMLSerializer().serializeToString(whole), width, height: y };
};

const save = (blob, name) => {
  const link = html("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

const saveSvg = ({ text }, name) => save(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`);

const savePng = async ({ text, width, height }, name) => {
  const image = new Image(), scale = 2;
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = filled(document.createElement("canvas"), { width: scale * width, height: scale * height }, []);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => save(blob, `${name}.png`), "image/png");
};

const saveButtons = (shown, legend, name) => [
  html("button", { type: "button", onclick: () => saveSvg(picture(shown(), legend()), name) }, "Save SVG"),
  html("button", { type: "button", onclick: () => savePng(picture(shown(), legend()), name) }, "Save PNG"),
];
