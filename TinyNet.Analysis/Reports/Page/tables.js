// The numbers of a chart as a table that can be copied.

const MOST_ROWS = 2000;

/** Columns, and a row for each place: series at the same places share their rows. */
const rowsOf = chart => {
  const { x: xAxis, y: yAxis } = chart.panel;
  if (chart.heat) {
    const { columns, rows, values, xEdges, yEdges } = chart.heat;
    const nameOf = (axis, edges, i) => axis.names?.[i] ?? show(edges?.[i] ?? i);
    return {
      columns: [`${yAxis.label} \\ ${xAxis.label}`, ...Array.from({ length: columns }, (_, i) => nameOf(xAxis, xEdges, i))],
      rows: Array.from({ length: rows }, (_, row) => [
        nameOf(yAxis, yEdges, row), ...values.slice(row * columns, (row + 1) * columns).map(show)]),
    };
  }

  const isHistogram = chart.series[0].kind === 'histogram';
  const columns = isHistogram ? ['from', 'to'] : [xAxis.label], before = columns.length, byPlace = new Map();
  for (const series of chart.series) {
    const parts = series.kind === 'band'
      ? [['low', series.low], ['high', series.high]]
      : [['', series.y], ...(series.errors ? [['±', series.errors]] : [])];
    for (const [part, values] of parts) {
      columns.push(`${series.name} ${part}`.trim());
      values.forEach((value, i) => {
        const place = isHistogram ? [series.x[i], series.x[i + 1]] : [series.x[i]], key = place.join();
        if (!byPlace.has(key)) byPlace.set(key, { place, cells: [] });
        byPlace.get(key).cells[columns.length - 1 - before] = value;
      });
    }
  }
  const rows = [...byPlace.values()].sort((a, b) => a.place[0] - b.place[0]).map(({ place, cells }) => [
    ...place.map(x => xAxis.names?.[Math.round(x)] ?? show(x)),
    ...Array.from({ length: columns.length - before }, (_, i) => cells[i] === undefined ? '' : show(cells[i]))]);
  return { columns, rows };
};

/** The table, with a button that copies it. */
const tableOf = chart => {
  const { columns, rows } = rowsOf(chart), cells = (tag, texts) => texts.map(text => make(tag, { textContent: text, className: 'number' }));
  const table = make('table', {},
    make('thead', {}, make('tr', {}, ...cells('th', columns))),
    make('tbody', {}, ...rows.slice(0, MOST_ROWS).map(row => make('tr', {}, ...cells('td', row)))));
  const copy = make('button', { type: 'button', textContent: 'copy', onclick: () => {
    // Selected and copied as by hand: what a page from a file may do in every browser.
    getSelection().selectAllChildren(table);
    copy.textContent = document.execCommand('copy') ? 'copied' : 'selected';
  } });
  const view = make('div', { className: 'numbers-of scroll', tabIndex: 0 }, copy, table);
  if (rows.length > MOST_ROWS) {
    view.append(make('p', { className: 'note', textContent: `The first ${MOST_ROWS} of ${rows.length} rows.` }));
  }
  return view;
};
