// ---- Numbers: how they are written, and where an axis has its marks.
const MINUS = "−";

const written = (value, digits = 5) => {
  if (value === null || value === undefined) return "";
  if (Number.isNaN(value)) return "none";
  if (!Number.isFinite(value)) return value < 0 ? `${MINUS}∞` : "∞";
  const size = Math.abs(value);
  const plain = size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential(digits - 2) : String(Number(value.toPrecision(digits)));
  return plain.replace("-", MINUS).replace("e-", `e${MINUS}`).replace("e+", "e");
};

const clamped = (value, low, high) => Math.min(Math.max(value, low), high);

// Round numbers between two ends, about as many as asked for.
const marks = (low, high, wanted) => {
  const rough = (high - low) / Math.max(wanted, 1), power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => (first + i) * step);
};

// Powers of ten between two exponents, about as many as asked for.
const powers = (low, high, wanted) => {
  const step = Math.max(1, Math.ceil((high - low) / wanted));
  return marks(Math.ceil(low), Math.floor(high), (high - low) / step).filter(Number.isInteger);
};
