// Numbers as readers see them, as Python writes them, and their rounding.

const formats = new Map();

export function formatNumber(value, decimals) {
  if (!Number.isFinite(value)) return "–";
  if (!formats.has(decimals)) {
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    formats.set(decimals, new Intl.NumberFormat("en-GB", digits));
  }
  const text = formats.get(decimals).format(value);
  return (/^-[0.,]*$/.test(text) ? text.slice(1) : text).replace("-", "−");
}

// Without the dust of binary arithmetic: 0.30000000000000004 is 0.3.
export const tidy = (value) => Number(value.toPrecision(12));

// Half away from zero, as the numbers on the page are rounded; no minus zero.
export const whole = (value) => Math.sign(value) * Math.round(Math.abs(value)) + 0;

// As Python writes it, so that links and commands are the same from wherever they come.
export function pythonNumber(value) {
  const size = Math.abs(value);
  if (size && (size < 1e-4 || size >= 1e16)) return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
