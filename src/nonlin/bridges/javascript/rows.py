"""Softmax and its relatives in JavaScript: arrays in, arrays out; a new row definition is added to `ROWS`."""

from __future__ import annotations

from collections.abc import Mapping

SHARES = """// exp((z - the largest) / temperature); where that is infinite, one takes all and several have none.
const $weights = (z, temperature) => {
  const top = z.reduce((a, b) => Math.max(a, b), -Infinity);
  const several = Math.abs(top) === Infinity && z.filter((u) => u === top).length > 1;
  return Array.from(z, (u) => (several ? NaN : u === top ? 1 : Math.exp((u - top) / temperature)));
};

export function softmax(z, temperature = DEFAULT) {
  const weights = $weights(z, temperature);
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}
"""

SOFTMAX = f"""{SHARES}
// The gradient with respect to z, given the one with respect to softmax(z).
export function softmax_vjp(z, g, temperature = DEFAULT) {{
  const shares = softmax(z, temperature);
  const mean = shares.reduce((sum, share, i) => sum + share * g[i], 0);
  return shares.map((share, i) => (share * (g[i] - mean)) / temperature);
}}"""

# log1p of the sum of all but one of the largest keeps the digits of a winner's value, which is near 0.
LOG_SOFTMAX = f"""{SHARES.replace("export function softmax", "function softmax")}
export function log_softmax(z, temperature = DEFAULT) {{
  const weights = $weights(z, temperature), first = weights.indexOf(1);
  const norm = Math.log1p(weights.reduce((sum, w, i) => (i === first ? sum : sum + w), 0));
  return weights.map((w, i) => (w === 1 ? 0 : (z[i] - z[first]) / temperature) - norm);
}}

// The gradient with respect to z, given the one with respect to log_softmax(z).
export function log_softmax_vjp(z, g, temperature = DEFAULT) {{
  const total = g.reduce((a, b) => a + b, 0);
  return softmax(z, temperature).map((share, i) => (g[i] - share * total) / temperature);
}}"""

ROWS: Mapping[str, str] = {"softmax": SOFTMAX, "log_softmax": LOG_SOFTMAX}
"""The text of each row definition of the catalog; DEFAULT is its temperature."""
