'use strict';
// Numbers, ticks and colors.

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// ---- Numbers ----

const superscript = text => [...String(text)].map(digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[digit] ?? '⁻').join('');
const finite = value => value !== null && Number.isFinite(value);

/** A number for people, with four significant digits. */
const show = value => {
  if (!finite(value)) return 'nan';
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(Math.max(4, Math.ceil(Math.log10(size || 1))))));
  if (Number.isInteger(value) && size < 1e15) return value.toLocaleString('en');
  const [digits, power] = value.toExponential(3).split('e');
  return `${Number(digits)}×10${superscript(Number(power))}`;
};

/** 1, 2 or 5 times a power of ten, at least a length. */
const niceStep = length => {
  const power = 10 ** Math.floor(Math.log10(length));
  return power * [1, 2, 5, 10].find(step => step * power >= length * 0.999);
};

const range = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Labels of one format for places at equal distances. */
const linearTicks = (low, high, most, isWhole) => {
  let step = niceStep((high - low) / most);
  if (isWhole) step = Math.max(1, Math.round(step));
  const values = range(Math.ceil(low / step - 1e-6), Math.floor(high / step + 1e-6)).map(i => Number((i * step).toPrecision(12)));
  const size = Math.max(Math.abs(low), Math.abs(high));
  const power = size >= 1e6 || size < 1e-3 ? Math.floor(Math.log10(size)) : 0;
  const decimals = Math.min(20, Math.max(0, power - Math.floor(Math.log10(step) + 1e-6)));
  const label = value => {
    const text = (value / 10 ** power).toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return (power === 0 || value === 0 ? text : `${text}×10${superscript(power)}`).replace('-', '−');
  };
  // Epochs begin at 1.
  if (isWhole && Number.isInteger(low) && values[0] - low > 0.6 * step) values.unshift(low);
  return { values, label, step };
};

/** The same for an axis of equal factors, in decimal logarithms: whole powers of ten, or parts of one where there are few. */
const logTicks = (low, high, most) => {
  if (high - low < 2) {
    let values = range(Math.floor(low), Math.ceil(high)).flatMap(power => [1, 2, 5].map(digit => power + Math.log10(digit)));
    values = values.filter(value => value >= low - 1e-6 && value <= high + 1e-6);
    if (values.length < 3) values = linearTicks(10 ** low, 10 ** high, most).values.filter(value => value > 0).map(Math.log10);
    return { values, label: value => show(10 ** value) };
  }
  const step = [1, 2, 3, 5, 10, 20, 50, 100].find(one => (high - low) / one <= most) ?? 100;
  const values = range(Math.ceil(low / step - 1e-6), Math.floor(high / step + 1e-6)).map(i => i * step);
  const isPlain = values.every(value => Math.abs(value) <= 3);
  return { values, label: value => isPlain ? String(Number((10 ** value).toPrecision(1))) : `10${superscript(Math.round(value))}` };
};

/** The exponential average of TensorBoard: without the pull of the beginning at 0. */
const smoothed = (values, weight) => {
  let [sum, count] = [0, 0];
  return values.map(value => {
    if (!finite(value)) return null;
    sum = sum * weight + (1 - weight) * value;
    return sum / (1 - weight ** ++count);
  });
};

// ---- Colors ----

const viridis = ['#440154', '#482878', '#3e4989', '#31688e', '#26828e', '#1f9e89', '#35b779', '#6dcd59', '#b4de2c', '#fde725'];
const diverging = ['#2166ac', '#4393c3', '#92c5de', '#d1e5f0', '#f7f7f7', '#fddbc7', '#f4a582', '#d6604d', '#b2182b'];

const mix = (colors, share) => {
  const at = Math.min(Math.max(share, 0), 1) * (colors.length - 1), i = Math.min(Math.floor(at), colors.length - 2);
  const part = (color, k) => parseInt(color.slice(1 + 2 * k, 3 + 2 * k), 16);
  return `rgb(${[0, 1, 2].map(k => Math.round(part(colors[i], k) + (part(colors[i + 1], k) - part(colors[i], k)) * (at - i)))})`;
};

/** What a variable of the style sheet is now, as a color. */
const probe = make('i', { hidden: true });
document.body.append(probe);
const color = name => {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
};

const pick = (i, count) => count <= 8 ? color(`c${i}`) : mix(page.isDark ? viridis.slice(2) : viridis.slice(0, 9), i / (count - 1));
