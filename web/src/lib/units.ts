// Measured values in the units that people read: bytes, seconds, shares, so many a second.

export type Unit =
  'none' | 'ratio' | 'seconds' | 'bytes' | 'per_second' | 'bytes_per_second' | 'count';

/** A unit to write a value in: how much of the base unit it is, and its sign. */
interface Scale {
  size: number;
  sign: string;
}

const BYTES: Scale[] = [
  { size: 1e12, sign: ' TB' },
  { size: 1e9, sign: ' GB' },
  { size: 1e6, sign: ' MB' },
  { size: 1e3, sign: ' kB' },
  { size: 1, sign: ' B' },
];
const SECONDS: Scale[] = [
  { size: 86_400, sign: ' d' },
  { size: 3_600, sign: ' h' },
  { size: 60, sign: ' min' },
  { size: 1, sign: ' s' },
  { size: 1e-3, sign: ' ms' },
  { size: 1e-6, sign: ' µs' },
];
const NUMBERS: Scale[] = [
  { size: 1e9, sign: ' bn' },
  { size: 1e6, sign: ' M' },
  { size: 1e4, sign: ' k' },
  { size: 1, sign: '' },
];

const suffixed = (scales: Scale[], suffix: string) =>
  scales.map(({ size, sign }) => ({ size, sign: sign === '' ? ` ${suffix}` : `${sign}${suffix}` }));

const SCALES: Record<Unit, Scale[]> = {
  none: NUMBERS,
  count: NUMBERS,
  ratio: [{ size: 0.01, sign: ' %' }],
  seconds: SECONDS,
  bytes: BYTES,
  per_second: suffixed(NUMBERS, '/s'),
  bytes_per_second: suffixed(BYTES, '/s'),
};

/** What `k` stands for begins at ten thousand, but is a thousand. */
const factorOf = (scale: Scale) => (scale.size === 1e4 ? 1e3 : scale.size);

function scaleFor(unit: Unit, magnitude: number): Scale {
  const scales = SCALES[unit];
  const plain = scales.find(({ size }) => size === 1);
  if (magnitude === 0) return plain ?? (scales[0] as Scale);
  return scales.find(({ size }) => magnitude >= size) ?? (scales.at(-1) as Scale);
}

/** Three digits that count: `0.0123`, `1.23`, `12.3`, `123`. */
function digitsAfterPoint(value: number): number {
  if (value === 0) return 0;
  const places = 2 - Math.floor(Math.log10(Math.abs(value)));
  return Math.min(6, Math.max(0, places));
}

function write(value: number, digits: number): string {
  const text = value.toLocaleString('en-GB', { maximumFractionDigits: digits });
  return text === '-0' ? '0' : text.replace('-', '−');
}

/** `1234567` bytes → `1.23 MB`; `0.0042` seconds → `4.2 ms`; `0.342` as a ratio → `34.2 %`. */
export function formatUnit(value: number | null, unit: Unit): string {
  if (value === null || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const scale = scaleFor(unit, Math.abs(value));
  const scaled = value / factorOf(scale);
  return write(scaled, digitsAfterPoint(scaled)) + scale.sign;
}

/** The labels of an axis: all in the unit of the largest, with as many digits as tell them apart. */
export function axisLabels(values: readonly number[], unit: Unit): string[] {
  const largest = Math.max(0, ...values.map(Math.abs));
  const scale = scaleFor(unit, largest);
  const factor = factorOf(scale);
  const gap = Math.abs((values[1] ?? 0) - (values[0] ?? 0)) / factor;
  const digits = gap > 0 ? Math.min(6, Math.max(0, Math.ceil(-Math.log10(gap) - 1e-9))) : 0;
  // A quarter needs one digit more than its size says.
  const isEven = Math.abs(gap * 10 ** digits - Math.round(gap * 10 ** digits)) < 1e-6;
  return values.map((value) => {
    const text = write(value / factor, isEven ? digits : digits + 1);
    return value === 0 && unit !== 'ratio' ? '0' : text + scale.sign;
  });
}
