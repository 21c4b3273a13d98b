// Draws the figures of a page: their data stand in them as JSON (FigureJson.cs), Apache ECharts in the element "echarts".

const root = document.documentElement;
const page = { charts: [], hiddenRuns: new Set(), runs: [] };
const coarse = matchMedia('(pointer: coarse)').matches;

// ---- ECharts ----

let loading;
const library = () => loading ??= (async () => {
  const bytes = Uint8Array.from(atob(document.getElementById('echarts').textContent), letter => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  document.head.append(make('script', { textContent: await new Response(stream).text() }));
  return window.echarts;
})();

const save = (name, blob) => {
  const link = make('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

// ---- A chart ----

class Chart {
  constructor(element, panel, title) {
    Object.assign(this, { element, panel, title: panel.title || title, hidden: new Set(), zoom: null, weight: 0 });
    this.box = element.querySelector('.chart');
    this.series = expanded(panel.series);
    this.names = [...new Set(this.series.map(one => one.name))];
    this.heat = this.series[0].kind === 'heat' ? this.series[0] : null;
    this.isLog = panel.y.log ?? false;
    if (this.heat) this.box.style.height = `${Math.min(560, Math.max(264, 70 + this.heat.rows * (panel.y.names ? 16 : 7)))}px`;
    this.box.setAttribute('role', 'img');
    this.box.setAttribute('aria-label', `${this.title}: ${this.names.join(', ')}; ${panel.y.label} over ${panel.x.label}`);
    this.addTools(title);
    this.addLegend();
    if (this.series.some(one => one.of)) {
      const most = Math.max(...this.series.map(one => one.of ?? 0)).toLocaleString('en');
      element.append(make('p', { className: 'note', textContent: `Drawn are the least and the largest of each few of ${most} points.` }));
    }
  }

  addTools(title) {
    const tools = make('div', { className: 'tools' });
    const button = (text, label, click) => {
      const made = make('button', { type: 'button', textContent: text, title: label, onclick: () => click(made) });
      made.setAttribute('aria-label', `${label}: ${this.title}`);
      tools.append(made);
      return made;
    };
    if (this.panel.smooth) {
      const slider = make('input', { type: 'range', min: 0, max: 0.99, step: 0.01, value: 0 });
      slider.oninput = () => { this.weight = Number(slider.value); this.draw(); };
      tools.append(make('label', { className: 'smooth', title: 'How much of the average is kept at each step' }, 'smooth ', slider));
    }
    this.reset = button('reset', 'Show all again', () => { this.zoom = null; this.draw(); });
    this.reset.hidden = true;
    const isPositive = one => one.kind !== 'heat' && [one.y, one.low].flat().every(value => value === undefined || value >= 0);
    if (this.isLog || this.series.every(isPositive)) {
      const log = button('log', 'Equal factors have equal lengths', () => {
        [this.isLog, this.zoom] = [!this.isLog, null];
        log.setAttribute('aria-pressed', this.isLog);
        this.draw();
      });
      log.setAttribute('aria-pressed', this.isLog);
    }
    const table = button('table', 'The numbers', () => this.toggleTable(table));
    table.setAttribute('aria-pressed', false);
    const name = [...new Set([title, this.title])].join(' ').toLowerCase().replace(/[^a-z0-9]+/g, '-');
    button('SVG', 'Save as SVG', async () => save(name + '.svg', new Blob([await this.svg()], { type: 'image/svg+xml' })));
    button('PNG', 'Save as PNG', async () => save(name + '.png', await this.png()));
    const own = this.element.querySelector('.head');
    (own ?? this.element.closest('figure').querySelector('.head')).append(tools);
  }

  /** The series that are shown. */
  get shown() {
    return this.series.filter(one => !this.hidden.has(one.name) && !page.hiddenRuns.has(one.run));
  }

  colorOf(series) {
    return series.run && page.runs.length > 1
      ? pick(page.runs.indexOf(series.run), page.runs.length)
      : pick(this.names.indexOf(series.name), this.names.length);
  }

  dashOf(series) {
    const own = [...new Set(this.series.filter(one => one.run === series.run && !one.dashed).map(one => one.name))].indexOf(series.name);
    return series.dashed ? 'dashed' : series.run && page.runs.length > 1 ? ['solid', 'dashed', 'dotted'][own % 3] : 'solid';
  }

  async draw() {
    const echarts = await library();
    const renderer = this.heat && this.heat.values.length > 400 ? 'canvas' : 'svg';
    if (!this.chart) {
      this.chart = echarts.init(this.box, null, { renderer, devicePixelRatio: Math.max(2, devicePixelRatio) });
      if (!coarse) dragToZoom(this);
    }
    this.drawNow();
    this.box.dataset.drawn = this.shown.length;
  }

  drawNow() {
    this.reset.hidden = !this.zoom;
    this.chart.setOption(options(this, this.box.clientWidth, this.box.clientHeight), true);
    this.updateLegend();
  }

  /** The names that can be clicked; where there is only one, and a title says it, there are none. */
  addLegend() {
    this.legend = make('div', { className: 'legend' });
    this.element.append(this.legend);
    if (this.heat || (this.names.length === 1 && ['', this.title, this.panel.y.label].includes(this.names[0]))) return;
    for (const name of this.names) {
      const entry = make('button', { type: 'button', title: 'Hide or show; with Alt, show it alone' }, make('i'), name);
      entry.onclick = event => {
        if (event.altKey) this.hidden = new Set(this.names.filter(other => other !== name));
        else if (!this.hidden.delete(name)) this.hidden.add(name);
        this.draw();
      };
      this.legend.append(entry);
    }
  }

  updateLegend() {
    if (this.heat) {
      this.legend.replaceChildren(colorBar(this));
      return;
    }
    [...this.legend.children].forEach((entry, i) => {
      const series = this.series.find(one => one.name === this.names[i]);
      entry.setAttribute('aria-pressed', !this.hidden.has(series.name));
      entry.hidden = page.hiddenRuns.has(series.run);
      entry.firstChild.className = series.kind === 'line' ? this.dashOf(series) : 'area';
      entry.firstChild.style.setProperty('--key', this.colorOf(series));
    });
  }

  toggleTable(button) {
    this.table = this.table ? void this.table.remove() : tableOf(this);
    if (this.table) this.box.after(this.table);
    this.element.classList.toggle('has-table', !!this.table);
    button.setAttribute('aria-pressed', !!this.table);
    if (!this.table) this.resize();
  }

  resize() {
    if (!this.chart || !this.box.clientWidth) return;
    this.chart.resize();
    this.drawNow();
  }

  /** The size of a chart that is saved: as it is on the page, with room for the title and the names. */
  get size() {
    return { width: Math.max(640, this.box.clientWidth), height: Math.max(360, this.box.clientHeight) };
  }

  async svg() {
    const chart = (await library()).init(null, null, { renderer: 'svg', ssr: true, ...this.size });
    chart.setOption(options(this, this.size.width, this.size.height, true));
    const text = chart.renderToSVGString();
    chart.dispose();
    return text;
  }

  async png() {
    const box = make('div');
    box.style.cssText = `position:absolute;left:-9999px;width:${this.size.width}px;height:${this.size.height}px`;
    document.body.append(box);
    const chart = (await library()).init(box, null, { renderer: 'canvas', devicePixelRatio: 2 });
    chart.setOption(options(this, this.size.width, this.size.height, true));
    const canvas = chart.renderToCanvas({ pixelRatio: 2 });
    chart.dispose();
    box.remove();
    return new Promise(done => canvas.toBlob(done, 'image/png'));
  }
}

/** Series with all their places: a series without has those of the one before it. */
const expanded = list => {
  let before;
  return list.map(series => {
    const [from, step, count] = series.range ?? [];
    if (series.range) before = Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)));
    let at = 0;
    before = series.x ?? series.differences?.map(difference => at += difference) ?? before;
    return { ...series, x: series.kind === 'bars' ? series.y.map((_, i) => i) : before };
  });
};

// ---- Zoom: drag a rectangle; the wheel scrolls the page ----

const dragToZoom = chart => {
  const { box } = chart;
  let start = null, frame = null;
  const grid = () => {
    const { x, y } = chart.extent;
    const [left, bottom] = chart.chart.convertToPixel('grid', [x.low, chart.isTopDown ? y.high : y.low]);
    const [right, top] = chart.chart.convertToPixel('grid', [x.high, chart.isTopDown ? y.low : y.high]);
    return { left, right, top, bottom };
  };
  const place = event => {
    const bounds = box.getBoundingClientRect(), { left, right, top, bottom } = grid();
    return [Math.min(Math.max(event.clientX - bounds.left, left), right), Math.min(Math.max(event.clientY - bounds.top, top), bottom)];
  };
  const end = () => {
    frame?.remove();
    [start, frame] = [null, null];
  };
  box.addEventListener('pointerdown', event => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    start = place(event);
    frame = make('div', { className: 'zoom' });
    box.append(frame);
    box.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  box.addEventListener('pointermove', event => {
    if (!start) return;
    const now = place(event);
    const [left, top] = [0, 1].map(i => Math.min(start[i], now[i])), [width, height] = [0, 1].map(i => Math.abs(start[i] - now[i]));
    frame.style.cssText = `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
  });
  box.addEventListener('pointerup', event => {
    if (!start) return;
    const now = place(event), from = chart.chart.convertFromPixel('grid', start), to = chart.chart.convertFromPixel('grid', now);
    const isLong = [0, 1].map(i => Math.abs(start[i] - now[i]) > 12);
    end();
    if (!isLong[0] && !isLong[1]) return;
    // A flat rectangle chooses along one axis alone.
    const [x, y] = [0, 1].map(i => isLong[i] ? { low: Math.min(from[i], to[i]), high: Math.max(from[i], to[i]) } : null);
    chart.zoom = { x: x ?? chart.zoom?.x, y: y ?? chart.zoom?.y };
    chart.draw();
  });
  box.addEventListener('pointercancel', end);
  box.addEventListener('dblclick', () => { chart.zoom = null; chart.draw(); });
};

// ---- The page ----

const redraw = () => page.charts.filter(chart => chart.chart).forEach(chart => chart.drawNow());

const setTheme = () => {
  const wish = root.dataset.theme;
  page.isDark = wish ? wish === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  redraw();
  page.runs.forEach((run, i) => runKeys[i].style.setProperty('--key', pick(i, page.runs.length)));
};

// A page that is opened as a file may have no storage.
const stored = (use, otherwise) => {
  try {
    return use(localStorage);
  } catch {
    return otherwise;
  }
};

const boxes = [...document.querySelectorAll('.runs input')], runKeys = [...document.querySelectorAll('.runs i')];
page.runs = boxes.map(box => box.value);
for (const box of boxes) {
  box.onchange = () => {
    page.hiddenRuns = new Set(boxes.filter(other => !other.checked).map(other => other.value));
    redraw();
  };
}

const themeButton = make('button', { type: 'button', textContent: '◐', title: 'Light or dark' });
themeButton.setAttribute('aria-label', 'Light or dark');
themeButton.onclick = () => {
  root.dataset.theme = page.isDark ? 'light' : 'dark';
  stored(storage => storage.setItem('tinynet-theme', root.dataset.theme));
  setTheme();
};
document.getElementById('page-tools').append(themeButton);
const kept = stored(storage => storage.getItem('tinynet-theme'), null);
if (kept) root.dataset.theme = kept;
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', setTheme);

const fail = (chart, error) => {
  chart.box.textContent = `This chart could not be drawn: ${error.message}. The button "table" shows its numbers.`;
  console.error(error);
};
const seen = new IntersectionObserver(entries => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    const chart = page.charts.find(one => one.box === target);
    chart.draw().catch(error => fail(chart, error));
  }
}, { rootMargin: '400px' });
const sized = new ResizeObserver(entries => entries.forEach(({ target }) => page.charts.find(one => one.box === target)?.resize()));

for (const figure of document.querySelectorAll('figure.card')) {
  const data = figure.querySelector('script[type="application/json"]');
  const panels = data ? JSON.parse(data.textContent) : [];
  figure.querySelectorAll('.panel').forEach((element, i) => {
    if (!panels[i]) return;
    const chart = new Chart(element, panels[i], figure.querySelector('h3').textContent);
    page.charts.push(chart);
    seen.observe(chart.box);
    sized.observe(chart.box);
  });
}
setTheme();

// On paper all charts are there, light, and as wide as a column.
let themeBefore;
addEventListener('beforeprint', () => {
  themeBefore = root.dataset.theme;
  root.dataset.theme = 'light';
  root.classList.add('printing');
  setTheme();
  for (const chart of page.charts) {
    if (chart.chart) chart.resize();
    else if (window.echarts) chart.draw();
  }
});
addEventListener('afterprint', () => {
  root.classList.remove('printing');
  if (themeBefore) root.dataset.theme = themeBefore;
  else delete root.dataset.theme;
  setTheme();
  page.charts.forEach(chart => chart.resize());
});
// Unpacked before it is needed: a page may be printed at once.
if (page.charts.length) library().catch(error => page.charts.forEach(chart => fail(chart, error)));
