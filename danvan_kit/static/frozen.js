// An explorer in a page without Python: its packed states answer in the kernel's place. Stands after explorer.js in one
// script, so that the page shows it with the same code as JupyterLab. The packing is explained in explorer/pack.py.

const GAP = "\u0001";
const [ABSENT, DERIVED, NEW] = [0, 1, 2]; // 3 + n: the n-th list again

async function unzip(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// What was left out at a stream's end repeats its last number.
const at = (stream, i) => stream[i < stream.length ? i : stream.length - 1];

class States {
  constructor(bytes) {
    const end = bytes.indexOf(10);
    this.head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
    const { sizes, paths, columns, rows } = this.head;
    let place = end + 1;
    const streams = sizes.map((size) => {
      const numbers = new Uint32Array(size);
      for (let i = 0; i < size; i += 1) {
        let [value, shift] = [0, 0];
        for (; bytes[place] > 127; shift += 7) value |= (bytes[place++] & 127) << shift;
        numbers[i] = value | (bytes[place++] << shift);
      }
      return numbers;
    });
    this.forms = streams.slice(1, 2 + paths.length);
    const rest = streams.slice(2 + paths.length);
    this.columns = columns.map(([base, way], n) => ({ base, way, ...this.lists(rest[2 * n], rest[2 * n + 1], rest[2 * columns.length + n], rows) }));
    this.first = [];
    paths.reduce((sum, [, count]) => (this.first.push(sum), sum + count), 0);
    let seen = 0;
    this.rows = Uint32Array.from({ length: this.head.states }, (_, i) => {
      const step = at(streams[0], i);
      if (!step) seen += 1;
      return step ? seen - step : seen - 1;
    });
  }

  // Which list a column has in each row (-1: none, -2: derived), and where each list stands in its content.
  lists(codes, lengths, content, rows) {
    const which = new Int32Array(rows);
    let count = 0;
    for (let i = 0; i < rows; i += 1) {
      const code = at(codes, i);
      which[i] = code === ABSENT ? -1 : code === DERIVED ? -2 : code === NEW ? count++ : code - 3;
    }
    const starts = new Uint32Array(count + 1);
    for (let i = 0; i < count; i += 1) starts[i + 1] = starts[i] + at(lengths, i);
    return { which, starts, content };
  }

  list(column, row) {
    const { which, starts, content, base, way } = this.columns[column];
    const found = which[row];
    if (found === -1) return null;
    if (found === -2) return way < 0 ? this.list(base, row) : this.list(base, row).map((text) => this.write(text, way));
    return Array.from({ length: starts[found + 1] - starts[found] }, (_, i) => this.head.texts[at(content, starts[found] + i)]);
  }

  write(text, digits) {
    if (text === "null") return "–";
    const [whole, part] = Math.abs(Number(text)).toFixed(digits).split(".");
    const [decimal, thousands] = this.head.lang === "en" ? [".", ","] : [",", "."];
    const sign = Number(text) < 0 && Number(`${whole}.${part ?? 0}`) ? "−" : "";
    return sign + whole.replace(/\B(?=(\d{3})+$)/g, thousands) + (part ? decimal + part : "");
  }

  value(path, row) {
    const [kind, wide] = this.head.forms[at(this.forms[path + 1], row) - 1];
    const lists = [];
    for (let k = 0; k < this.head.paths[path][1]; k += 1) lists.push(this.list(this.first[path] + k, row));
    const join = (text, figures) => text.split(GAP).reduce((done, part, i) => done + figures[i - 1] + part);
    if (kind === "text") return JSON.parse(join(lists[0][0], lists[1]));
    let flat;
    if (kind === "json") flat = JSON.parse(`[${lists[0].join()}]`);
    else {
      const used = lists.map(() => 0);
      flat = lists[0].map((text) => {
        const count = text.split(GAP).length - 1;
        return join(text, Array.from({ length: count }, (_, k) => lists[k + 1][used[k + 1]++]));
      });
    }
    return wide ? Array.from({ length: flat.length / wide }, (_, r) => flat.slice(r * wide, (r + 1) * wide)) : flat;
  }

  // The n-th state: its paths ("figure/data/0/x") become objects, or arrays where the parts are numbered.
  get(n) {
    const row = this.rows[n];
    const state = {};
    for (const path of this.head.trees[at(this.forms[0], row)]) {
      const keys = this.head.paths[path][0].split("/");
      let node = state;
      keys.slice(0, -1).forEach((key, i) => (node = node[key] ??= /^\d+$/.test(keys[i + 1]) ? [] : {}));
      node[keys.at(-1)] = this.value(path, row);
    }
    return state;
  }
}

// The rows of a table from its columns, as the kernel sends them; a view without choices has them already.
function tableOf({ cells, ...table }) {
  if (table.rows) return table;
  const columns = cells ?? table.columns.map(() => []);
  return { ...table, rows: columns[0].map((_, i) => columns.map((column) => column[i])) };
}

// Takes the kernel's part: answers the explorer's messages. Explorers of one group share their common choices.
class Frozen {
  constructor(payload, group, loadPlotly, text) {
    Object.assign(this, { payload, group, loadPlotly, text, listeners: [] });
    group.push(this);
    this.choices = { ...payload.choices };
    this.ready = this.open();
  }

  async open() {
    if (this.payload.packed) this.states = new States(await unzip(this.payload.packed));
    const { axes, controls } = this.states?.head ?? { axes: [], controls: [] };
    this.axes = axes;
    this.controls = controls;
    this.options = new Map(axes.map(([name, values]) => [name, values.map((value) => JSON.stringify(value))]));
  }

  on(_, listener) {
    this.listeners.push(listener);
  }

  off(_, listener) {
    this.listeners = this.listeners.filter((other) => other !== listener);
  }

  emit(message, buffers = []) {
    for (const listener of this.listeners) listener(message, buffers);
  }

  send({ ask, set }) {
    if (set) this.ready.then(() => this.set(set)); // never at once: the asker is not done with asking
    if (ask === "state") this.ready.then(() => this.emit({ kind: "spec", ...this.spec(), state: this.state() }));
    if (ask === "table" && this.found?.table) this.emit({ kind: "table", table: tableOf(this.found.table) });
    if (ask === "plotly") this.loadPlotly((bytes) => this.emit({ kind: "plotly", locale: this.text.locale }, [bytes]));
  }

  spec() {
    const { lang, simulated } = this.payload;
    return { controls: this.controls, text: this.text[lang], lang, simulated };
  }

  state() {
    let n = 0;
    for (const [name] of this.axes) n = n * this.options.get(name).length + this.options.get(name).indexOf(JSON.stringify(this.choices[name]));
    this.found = this.states ? this.states.get(n) : this.payload.state;
    const { error, table, ...view } = this.found;
    return { choices: this.choices, view: error ? null : view, error: error ?? null };
  }

  // What this page does not hold of another's choices stays as it is, as in JupyterLab.
  take(choices) {
    const taken = Object.entries(choices).filter(([name, value]) => this.options?.get(name)?.includes(JSON.stringify(value)));
    const changed = taken.some(([name, value]) => JSON.stringify(this.choices[name]) !== JSON.stringify(value));
    Object.assign(this.choices, Object.fromEntries(taken));
    return changed;
  }

  set(choices) {
    for (const explorer of this.group) {
      if (explorer.take(choices) || explorer === this) explorer.emit({ kind: "state", state: explorer.state() });
    }
    this.group.moved?.();
  }
}
