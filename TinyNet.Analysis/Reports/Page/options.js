// What ECharts is told for a panel. Places on axes are ours: logarithms are taken here, and ticks are chosen here.

const logOf = value => finite(value) && value > 0 ? Math.log10(value) : null;

/** Numbers of data as places on an axis. */
const scaleOf = axis => axis.log ? logOf : value => finite(value) ? value : null;

const extentOf = (values, axis) => {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value !== null && value < low) low = value;
    if (value !== null && value > high) high = value;
  }
  if (low > high) [low, high] = [0, 1];
  if (low === high) [low, high] = axis.log ? [low - 0.5, high + 0.5] : [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  return { low, high };
};

/** The whole extent of both axes: across exactly what the data need, upwards to ticks. */
const wholeExtent = (chart, xAxis, yAxis, most) => {
  const toX = scaleOf(xAxis), toY = scaleOf(yAxis), across = [], upward = [];
  for (const series of chart.shown) {
    const { kind, x = [], y = [], errors } = series;
    if (kind === 'heat') {
      const { xs, ys } = edgesOf(series, xAxis, yAxis);
      return { x: extentOf(xs, xAxis), y: extentOf(ys, yAxis) };
    }
    across.push(...x.map(toX));
    if (kind === 'bars') across.push(-0.5, y.length - 0.5);
    if (kind === 'band') upward.push(...series.low.map(toY), ...series.high.map(toY));
    upward.push(...y.map(toY));
    errors?.forEach((error, i) => { if (finite(error) && finite(y[i])) upward.push(toY(y[i] - error), toY(y[i] + error)); });
    if ((kind === 'bars' || kind === 'histogram') && !yAxis.log) upward.push(0);
  }
  if (xAxis.names && across.length) across.push(-0.5, xAxis.names.length - 0.5);
  const x = extentOf(across, xAxis), y = extentOf(upward, yAxis);
  if (yAxis.log) {
    // The smallest bar has a height too.
    if (chart.shown.some(one => one.kind === 'bars' || one.kind === 'histogram')) y.low -= 0.3;
    if (y.high - y.low > 1.2) [y.low, y.high] = [Math.floor(y.low + 0.1), Math.ceil(y.high - 0.1)];
  } else {
    const { step } = linearTicks(y.low, y.high, most, yAxis.whole);
    [y.low, y.high] = [Math.floor(y.low / step + 1e-6), Math.ceil(y.high / step - 1e-6)].map(i => Number((i * step).toPrecision(12)));
  }
  for (const [extent, axis, to] of [[x, xAxis, toX], [y, yAxis, toY]]) {
    extent.low = finite(axis.min) ? to(axis.min) ?? extent.low : extent.low;
    extent.high = finite(axis.max) ? to(axis.max) ?? extent.high : extent.high;
  }
  return { x, y };
};

/** The edges of the cells of a heat map. */
const edgesOf = (series, xAxis, yAxis) => {
  const units = count => Array.from({ length: count + 1 }, (_, i) => i);
  return {
    xs: (series.xEdges ?? units(series.columns)).map(series.xEdges ? scaleOf(xAxis) : value => value),
    ys: (series.yEdges ?? units(series.rows)).map(series.yEdges ? scaleOf(yAxis) : value => value),
  };
};

/** The ticks of names: every second or third where there is no room for all. */
const nameTicks = (names, offset, { low, high }, room) => {
  const places = names.map((_, i) => i + offset).filter(place => place >= low - 1e-9 && place <= high + 1e-9);
  const every = Math.max(1, Math.ceil(places.length / room));
  return { values: places.filter((_, i) => i % every === 0), label: place => names[Math.round(place - offset)] ?? '' };
};

const axisOption = (axis, extent, ticks, look, isAcross) => ({
  type: 'value', min: extent.low, max: extent.high, name: axis.label, nameLocation: 'middle', nameGap: isAcross ? 24 : 30,
  nameTextStyle: { color: look.faint, fontSize: 12 }, inverse: ticks.isInverse ?? false,
  axisLine: { show: isAcross, onZero: false, lineStyle: { color: look.line } },
  axisTick: { show: isAcross && !axis.names, customValues: ticks.values, lineStyle: { color: look.line } },
  minorTick: { show: false },
  axisLabel: {
    customValues: ticks.values, formatter: ticks.label, color: look.faint, fontSize: 11, hideOverlap: true, rotate: ticks.rotate ?? 0,
    width: isAcross ? 110 : 120, overflow: 'truncate',
  },
  splitLine: { show: !ticks.isBare, customValues: ticks.values, lineStyle: { color: look.grid } },
});

/** The option of ECharts for a chart of so many pixels; what is saved also has its title and its names in it. */
const options = (chart, width, height, isSaved = false) => {
  const xAxis = chart.panel.x, yAxis = { ...chart.panel.y, log: chart.isLog };
  const most = Math.max(2, height / 45), whole = wholeExtent(chart, xAxis, yAxis, most);
  const extent = chart.extent = { x: chart.zoom?.x ?? whole.x, y: chart.zoom?.y ?? whole.y };
  const look = { ink: color('ink'), faint: color('faint'), line: color('line'), grid: color('grid'), paper: color('card') };
  const isMap = chart.heat !== null;
  chart.isTopDown = isMap && !!yAxis.names;

  const ticksOf = (axis, { low, high }, most) => axis.log ? logTicks(low, high, most) : linearTicks(low, high, most, axis.whole);
  let xTicks;
  if (xAxis.names) {
    const longest = Math.min(16, Math.max(...xAxis.names.map(name => name.length)));
    const room = width - 90, count = Math.min(xAxis.names.length, extent.x.high - extent.x.low);
    const rotate = longest * 7.5 > room / count ? 40 : 0;
    xTicks = { ...nameTicks(xAxis.names, isMap ? 0.5 : 0, extent.x, room / (rotate ? 15 : longest * 7.5)), rotate, isBare: true };
  } else {
    xTicks = { ...ticksOf(xAxis, extent.x, Math.max(2, width / 75)), isBare: isMap };
  }
  const yTicks = yAxis.names
    ? { ...nameTicks(yAxis.names, isMap ? 0.5 : 0, extent.y, (height - 50) / 14), isBare: true, isInverse: chart.isTopDown }
    : { ...ticksOf(yAxis, extent.y, most), isBare: isMap };

  const drawn = chart.shown.flatMap(series => seriesOf(chart, series, xAxis, yAxis, extent));
  return {
    animation: false, backgroundColor: isSaved ? look.paper : 'transparent', color: [look.ink],
    textStyle: { fontFamily: 'system-ui, sans-serif', color: look.ink },
    title: isSaved ? { text: chart.title, left: 8, top: 6, textStyle: { fontSize: 15, color: look.ink } } : undefined,
    legend: isSaved && !isMap ? {
      bottom: 4, data: chart.names.map(name => ({ name })), textStyle: { color: look.ink }, itemHeight: 8, type: 'scroll',
    } : { show: false },
    graphic: isSaved && isMap ? savedColorBar(chart, width, look) : undefined,
    grid: {
      left: 6, right: 18, top: isSaved ? 52 : 10, bottom: isSaved ? 34 : 4, outerBoundsMode: 'same', outerBoundsContain: 'all', show: false,
    },
    xAxis: axisOption(xAxis, extent.x, xTicks, look, true),
    yAxis: axisOption(yAxis, extent.y, yTicks, look, false),
    tooltip: {
      trigger: isMap ? 'item' : 'axis', confine: true, transitionDuration: 0, backgroundColor: look.paper, borderColor: look.line,
      textStyle: { color: look.ink, fontSize: 12 }, axisPointer: { type: 'line', lineStyle: { color: look.faint } },
      formatter: items => tip(chart, isMap ? [items] : items, xAxis),
    },
    series: drawn,
  };
};

/** What is under the pointer. */
const tip = (chart, items, xAxis) => {
  const box = make('div');
  const rows = items.filter(item => item.data?.from).map(item => ({ series: item.data.from, i: item.data.i, color: item.color }));
  if (rows.length === 0) return box;
  const { series, i } = rows[0], nameOf = x => xAxis.names?.[Math.round(x)] ?? show(x);
  if (series.kind === 'heat') {
    const row = Math.floor(i / series.columns), column = i % series.columns;
    const place = (axis, edges, k) => axis.names?.[k] ?? `${axis.label} ${show(edges?.[k] ?? k)}`;
    box.append(`${place(chart.panel.y, series.yEdges, row)}, ${place(chart.panel.x, series.xEdges, column)}: `);
    box.append(make('b', { textContent: show(series.values[i]) }));
    return box;
  }
  box.append(series.kind === 'histogram'
    ? `${show(series.x[i])} to ${show(series.x[i + 1])}` : xAxis.names ? nameOf(series.x[i]) : `${xAxis.label} ${nameOf(series.x[i])}`);
  const known = new Set();
  for (const { series: one, i: at } of rows.slice(0, 24)) {
    if (known.has(one)) continue;
    known.add(one);
    const key = make('i', { className: 'key' });
    key.style.background = chart.colorOf(one);
    const text = one.kind === 'band' ? `${show(one.low[at])} to ${show(one.high[at])}`
      : show(one.y[at]) + (one.errors ? ` ± ${show(one.errors[at])}` : '');
    box.append(make('div', { className: 'tip' }, key, `${one.name} `, make('b', { textContent: text })));
  }
  if (rows.length > 24) box.append(`and ${rows.length - 24} more`);
  return box;
};

/** The series of ECharts for one of ours. */
const seriesOf = (chart, series, xAxis, yAxis, extent) => {
  const toX = scaleOf(xAxis), toY = scaleOf(yAxis), hue = chart.colorOf(series), { name, kind } = series;
  const point = (x, y, i) => ({ value: [toX(x), toY(y)], from: series, i });
  const custom = (data, renderItem, more = {}) => ({
    type: 'custom', name, data, renderItem, clip: true, color: hue, itemStyle: { color: hue }, encode: { x: 0, y: 1 }, progressive: 0,
    ...more,
  });
  const errorBars = (xs, shift) => !series.errors ? [] : [custom(
    xs.map((x, i) => {
      const y = series.y[i], error = series.errors[i];
      const ends = finite(y) && finite(error) ? [toY(y), toY(y - error) ?? extent.y.low, toY(y + error)] : [null, null, null];
      return { value: [toX(x), ...ends] };
    }),
    (_, api) => {
      if ([0, 1, 3].some(k => !Number.isFinite(api.value(k)))) return null;
      const [x, low] = api.coord([api.value(0) + shift, api.value(2)]), high = api.coord([api.value(0) + shift, api.value(3)])[1];
      const style = { stroke: kind === 'bars' ? color('ink') : hue, lineWidth: 1.4 };
      return { type: 'group', children: [[x, low, x, high], [x - 4, low, x + 4, low], [x - 4, high, x + 4, high]].map(
        ([x1, y1, x2, y2]) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style })) };
    }, { silent: true, z: 5 })];

  if (kind === 'line') {
    const line = (y, more) => ({
      type: 'line', name, data: y.map((value, i) => point(series.x[i], value, i)), color: hue, itemStyle: { color: hue },
      lineStyle: { color: hue, width: 1.8, type: chart.dashOf(series) }, symbol: 'circle', symbolSize: 5, clip: true,
      showSymbol: series.markers || isLonely(series.y), emphasis: { disabled: true }, ...more,
    });
    if (chart.weight === 0) return [line(series.y), ...errorBars(series.x, 0)];
    const faint = line(series.y, { lineStyle: { color: hue, width: 1, opacity: 0.3 }, silent: true, showSymbol: false });
    return [faint, line(smoothed(series.y, chart.weight), { showSymbol: false })];
  }
  if (kind === 'band') {
    const data = series.x.map((x, i) => ({ value: [toX(x), toY(series.low[i]), toY(series.high[i])], from: series, i }));
    const shape = (params, api) => params.dataIndex === 0 ? bandShape(api, series, toX, toY, extent, hue) : null;
    return [custom(data, shape, { encode: { x: 0, y: [1, 2] }, z: 1 })];
  }
  if (kind === 'bars') {
    const all = chart.shown.filter(one => one.kind === 'bars'), width = 0.76 / all.length;
    const left = -0.38 + all.indexOf(series) * width, base = yAxis.log ? extent.y.low : 0;
    const bars = custom(series.y.map((y, i) => point(i, y, i)), (_, api) => {
      if (!Number.isFinite(api.value(1))) return null;
      const from = api.coord([api.value(0) + left, base]), to = api.coord([api.value(0) + left + width, api.value(1)]);
      const shape = { x: from[0], y: Math.min(from[1], to[1]), width: Math.max(1, to[0] - from[0] - 1), height: Math.abs(to[1] - from[1]) };
      return { type: 'rect', shape, style: { fill: hue } };
    });
    return [bars, ...errorBars(series.x, left + width / 2)];
  }
  if (kind === 'histogram') {
    const last = series.y.length - 1, base = yAxis.log ? extent.y.low : 0;
    const data = series.y.map((y, i) => point(series.x[i], y, i)), end = series.x[last + 1];
    const [first, falls] = [series.x[0], end].map(x => ({ value: [toX(x), base] }));
    return [{
      type: 'line', name, step: 'end', symbol: 'none', color: hue, itemStyle: { color: hue }, lineStyle: { color: hue, width: 1.5 },
      areaStyle: { color: hue, opacity: chart.shown.length > 4 ? 0.12 : 0.3, origin: yAxis.log ? extent.y.low : 'auto' }, clip: true,
      data: [first, ...data, point(end, series.y[last] ?? null, last), falls],
      emphasis: { disabled: true },
    }];
  }
  const { xs, ys } = edgesOf(series, xAxis, yAxis), colors = colorsOf(series), middle = (edges, k) => (edges[k] + edges[k + 1]) / 2;
  const cells = series.values.map((_, i) => ({
    value: [middle(xs, i % series.columns), middle(ys, Math.floor(i / series.columns))], from: series, i,
  }));
  return [custom(cells, (params, api) => {
    const i = params.dataIndex, column = i % series.columns, row = Math.floor(i / series.columns);
    const [a, b] = [api.coord([xs[column], ys[row]]), api.coord([xs[column + 1], ys[row + 1]])].map(place => place.map(Math.round));
    // Whole pixels: between others the ground would show through.
    const shape = { x: Math.min(a[0], b[0]), y: Math.min(a[1], b[1]), width: Math.abs(a[0] - b[0]), height: Math.abs(a[1] - b[1]) };
    return { type: 'rect', shape, style: { fill: colors.of(series.values[i]) } };
  })];
};

/** Whether a point stands between gaps, where a line would not show it. */
const isLonely = values => values.some((value, i) => finite(value) && !finite(values[i - 1] ?? null) && !finite(values[i + 1] ?? null));

/** What lies between two lines: one shape for each piece without a gap. */
const bandShape = (api, series, toX, toY, extent, hue) => {
  const pieces = [[]];
  series.x.forEach((x, i) => {
    const [across, high] = [toX(x), toY(series.high[i])], low = toY(series.low[i]) ?? (finite(series.low[i]) ? extent.y.low : null);
    if ([across, low, high].some(value => value === null)) pieces.push([]);
    else pieces.at(-1).push([across, low, high]);
  });
  return { type: 'group', children: pieces.filter(piece => piece.length > 1).map(piece => ({
    type: 'polygon', style: { fill: hue, opacity: 0.22 },
    shape: { points: [...piece.map(([x, low]) => api.coord([x, low])), ...piece.toReversed().map(([x, , high]) => api.coord([x, high]))] },
  })) };
};

/** The colors of a heat map, and the ends of their scale. */
const colorsOf = series => {
  const to = series.log ? logOf : value => finite(value) ? value : null;
  let { low, high } = extentOf(series.values.map(to), series);
  if (series.diverging) [low, high] = [-Math.max(Math.abs(low), Math.abs(high)), Math.max(Math.abs(low), Math.abs(high))];
  const stops = series.diverging ? diverging : viridis, none = color('none');
  return { low, high, stops, of: value => to(value) === null ? none : mix(stops, (to(value) - low) / (high - low)) };
};

/** The scale of the colors of a heat map: a bar with a few numbers. */
const colorBar = chart => {
  const { low, high, stops } = colorsOf(chart.heat), { values, label } = barTicks(chart.heat, low, high);
  const bar = make('span', { className: 'color-bar' });
  bar.style.background = `linear-gradient(to right, ${stops.join(',')})`;
  const numbers = make('span', { className: 'numbers' });
  for (const value of values) {
    const number = make('span', { textContent: label(value) });
    number.style.left = `${100 * (value - low) / (high - low)}%`;
    numbers.append(number);
  }
  const name = make('span', { textContent: chart.heat.name });
  return make('span', { className: 'scale' }, name, make('span', { className: 'with' }, bar, numbers));
};

/** The ends, and what is far enough from them. */
const barTicks = (series, low, high) => {
  const { values, label } = series.log ? logTicks(low, high, 4) : linearTicks(low, high, 4, false);
  const inner = values.filter(value => value > low + 0.22 * (high - low) && value < high - 0.22 * (high - low));
  const decimals = Math.min(20, Math.max(0, 1 - Math.floor(Math.log10(high - low))));
  const short = value => show(Number(series.log ? (10 ** value).toPrecision(2) : value.toFixed(decimals)));
  return { values: [low, ...inner, high], label: value => inner.includes(value) ? label(value) : short(value) };
};

const savedColorBar = (chart, width, look) => {
  const { low, high, stops } = colorsOf(chart.heat), { values, label } = barTicks(chart.heat, low, high);
  const length = 180, left = width - length - 40;
  const colorStops = stops.map((stop, i) => ({ offset: i / (stops.length - 1), color: stop }));
  const fill = { type: 'linear', x: 0, y: 0, x2: 1, y2: 0, colorStops };
  return [
    { type: 'rect', silent: true, shape: { x: left, y: 10, width: length, height: 9 }, style: { fill } },
    { type: 'text', silent: true, x: left - 8, y: 8, style: { text: chart.heat.name, align: 'right', fill: look.faint, fontSize: 11 } },
    ...values.map(value => ({
      type: 'text', silent: true, x: left + length * (value - low) / (high - low), y: 24,
      style: { text: label(value), align: 'center', fill: look.faint, fontSize: 10 },
    })),
  ];
};
