// ---- Files that a person drops: numbers in NPY and CSV, results in JSON. Each reader says in words what it cannot read.
const half = (bits) => {
  const size = (bits >> 10) & 31, rest = bits & 1023;
  const value = size === 31 ? (rest ? NaN : Infinity) : size ? 2 ** (size - 15) * (1 + rest / 1024) : rest * 2 ** -24;
  return bits & 32768 ? -value : value;
};
const KINDS_OF_NUMBER = {
  f2: (v, i, little) => half(v.getUint16(i, little)), f4: (v, i, little) => v.getFloat32(i, little), f8: (v, i, little) => v.getFloat64(i, little),
  i1: (v, i) => v.getInt8(i), i2: (v, i, little) => v.getInt16(i, little), i4: (v, i, little) => v.getInt32(i, little), i8: (v, i, little) => Number(v.getBigInt64(i, little)),
  u1: (v, i) => v.getUint8(i), u2: (v, i, little) => v.getUint16(i, little), u4: (v, i, little) => v.getUint32(i, little), u8: (v, i, little) => Number(v.getBigUint64(i, little)),
  b1: (v, i) => v.getUint8(i),
};

// The numbers of a NumPy array in any order: the format is NEP 1, its header a Python dictionary.
const readNpy = (buffer) => {
  const view = new DataView(buffer), long = view.getUint8(6) > 1, start = long ? 12 : 10;
  const end = start + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder().decode(new Uint8Array(buffer, start, end - start));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? "a structure", shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? "";
  const read = KINDS_OF_NUMBER[type.slice(1)], width = Number(type.slice(2));
  if (!read) throw new Error(`It holds ${type}, which is no kind of real number that NPY names: save float32 or float64.`);
  const count = shape.split(",").filter((word) => word.trim()).reduce((product, word) => product * Number(word), 1);
  if (end + count * width > buffer.byteLength) throw new Error("It ends before its header says: was it copied whole?");
  return { numbers: Float64Array.from({ length: count }, (_, i) => read(view, end + i * width, type[0] !== ">")), ignored: 0 };
};

// Every number of a table of words; what is no number is counted, a first line of names is not.
const readCsv = (text) => {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/), numbers = [];
  let ignored = 0;
  lines.forEach((line, place) => {
    const words = line.split(/[\s,;]+/).map((word) => word.replace(/^"(.*)"$/, "$1")).filter(Boolean);
    const read = words.map((word) => (/^[+-]?(inf(inity)?|nan)$/i.test(word) ? NaN : Number(word)));
    const wrong = words.filter((word, i) => Number.isNaN(read[i])).length;
    if (place === 0 && wrong === words.length) return;
    ignored += wrong;
    for (const value of read) if (!Number.isNaN(value)) numbers.push(value);
  });
  return { numbers: Float64Array.from(numbers), ignored };
};

const readStudy = (text) => {
  let results;
  try {
    results = JSON.parse(text);
  } catch {
    throw new Error("It is no JSON.");
  }
  const activations = results?.activations, broken = (one) => !Number.isFinite(one?.metric?.mean) && one?.metric?.mean !== null;
  if (typeof results?.verdict !== "string" || typeof activations !== "object" || !activations || Object.values(activations).some(broken))
    throw new Error("It is no study's results.json: those have a verdict and, for each activation, a metric.");
  return results;
};

// What a file holds: { study } or { numbers, ignored }.
const readFile = async (file) => {
  const buffer = await file.arrayBuffer(), head = new Uint8Array(buffer, 0, Math.min(8, buffer.byteLength));
  const begins = (...bytes) => bytes.every((byte, i) => head[i] === byte);
  if (begins(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)) return finiteOf(readNpy(buffer));
  if (begins(0x50, 0x4b)) throw new Error("It is an archive: save one array, with numpy.save.");
  const text = new TextDecoder().decode(buffer);
  return /^\s*\{/.test(text) ? { study: readStudy(text) } : finiteOf(readCsv(text));
};

const finiteOf = ({ numbers, ignored }) => {
  const finite = numbers.filter(Number.isFinite);
  if (!finite.length) throw new Error("It holds no finite number.");
  return { numbers: finite, ignored: ignored + numbers.length - finite.length };
};
