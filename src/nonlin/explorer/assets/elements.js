// ---- Elements of the page, made from plain text: no word of the data ever becomes markup.
const SVG = "http://www.w3.org/2000/svg", MATHML = "http://www.w3.org/1998/Math/MathML";

const filled = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
};

const html = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) => filled(document.createElementNS(SVG, tag), attributes, children);

// A copy of MathML that is given as text, with MathML's own elements and nothing else.
const formula = (text) => {
  const read = new DOMParser().parseFromString(text.replace("<math", `<math xmlns="${MATHML}"`), "application/xml");
  const copied = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.parentNode.localName === "mo" && node.data === "-" ? "−" : node.data);
    if (node.namespaceURI !== MATHML || !/^(math|m[a-z]+)$/.test(node.localName)) return document.createTextNode("?");
    const element = document.createElementNS(MATHML, node.localName);
    element.append(...[...node.childNodes].map(copied));
    const [first, second] = element.children;
    if (first?.textContent === "{" && second?.localName === "mtable") {
      first.remove(); // not every machine has a font whose brace grows: a border does
      second.setAttribute("class", "cases");
    }
    return element;
  };
  const math = copied(read.documentElement);
  if (math.nodeType === Node.ELEMENT_NODE) math.setAttribute("display", "block");
  return math;
};

// A label, and what it labels, in one row.
const labelled = (text, control, ...after) => html("label", {}, html("span", {}, text), control, ...after);

const copyButton = (text) => {
  const button = html("button", { type: "button", class: "copy" }, "Copy");
  const told = (word) => {
    button.textContent = word;
    setTimeout(() => (button.textContent = "Copy"), 1500);
  };
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      told("Copied");
    } catch {
      told("Select it by hand");
    }
  });
  return button;
};

// At most one call a frame, with the newest arguments.
const onceAFrame = (call) => {
  let waiting = 0;
  return () => {
    if (!waiting)
      waiting = requestAnimationFrame(() => {
        waiting = 0;
        call();
      });
  };
};

// A place for words that are heard when they change and come to rest, and not seen.
const heard = () => {
  const place = html("p", { class: "hidden", role: "status" });
  let waiting = 0;
  const say = (words) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => (place.textContent = words), 500);
  };
  return { place, say };
};
