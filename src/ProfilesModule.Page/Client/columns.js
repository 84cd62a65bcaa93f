// The step of the import that says how the file is read, and what its columns become.
import { button, element, field, table } from './dom.js';
import { texts } from './texts.js';

const encodings = ['utf8', '1252', 'unicode', 'bigendianunicode', '1250', '1251', '932'];
const delimiters = [',', ';', '\t', '|'];
const types = ['Text', 'Number', 'Boolean', 'Date', 'UnixSeconds', 'UnixMilliseconds', 'List', 'Json'];
const option = (value, label, selected) => element('option', { value, selected }, label);

export function columnsStep(first, { look, check, back, next }) {
  const { encoding = 'utf8', delimiter = ',', hasHeader = true } = first;
  const settings = { encoding, delimiter, hasHeader, identifier: null, isRandom: false, columns: [] };
  const select = (label, values, value, names) => field(label, element('select', { onchange: reform },
    [...new Set([...values, value])].map(item => option(item, names[item] ?? item, item === value))));
  const format = {
    encoding: select(texts.importEncoding, encodings, encoding, texts.encodings),
    delimiter: select(texts.importDelimiter, delimiters, delimiter, texts.delimiters),
    header: element('input', { type: 'checkbox', checked: hasHeader, onchange: reform }),
  };
  const preview = element('div');
  const identifier = field(texts.importIdentifier, element('select', { onchange: choose }));
  const problem = element('div', { class: 'error', role: 'alert' });
  const warnings = element('ul', { class: 'messages' });
  const status = element('p', { class: 'hint', role: 'status' });
  const general = element('ul', { class: 'messages' });
  const body = element('tbody');
  const go = button(texts.importCheck, () => next(checked), { class: 'primary', disabled: true });
  let rows = [];
  let checked = null;
  let asked = 0;

  // What was looked at last is what is imported, so one question waits for the answer to the one before.
  let turn = Promise.resolve();

  const content = element('div', {},
    element('fieldset', { class: 'filters' }, element('legend', {}, texts.importFormat), format.encoding.box, format.delimiter.box,
      element('label', { class: 'tick' }, format.header, ' ', texts.importHeader)),
    problem, preview, identifier.box, warnings,
    element('h3', {}, texts.importColumns), status, general,
    table(texts.importColumns, texts.importColumnHead, body, 'columns-of-file'),
    element('div', { class: 'bar' }, button(texts.stepBack, back), go));

  // What depends on how the file is read is proposed anew.
  function reform() {
    Object.assign(settings, { encoding: format.encoding.input.value, delimiter: format.delimiter.input.value,
      hasHeader: format.header.checked, identifier: null, isRandom: false, columns: [] });
    rows = [];
    refresh();
  }

  function choose() {
    const { value } = identifier.input;
    Object.assign(settings, { identifier: /^\d+$/.test(value) ? Number(value) : null, isRandom: value === 'random' });
    refresh();
  }

  function refresh() {
    const mine = ++asked;
    checked = null;
    go.disabled = true;
    turn = turn.catch(() => {}).then(() => mine === asked ? ask() : null);
    return answered(turn);
  }

  async function answered(answer) {
    const mine = asked;
    try {
      const reply = await answer;
      if (mine === asked) await draw(reply);
    } catch (error) {
      if (mine !== asked) return;
      status.textContent = '';
      problem.replaceChildren(error.message);
    }
  }

  function ask() {
    settings.columns = rows.map(row => row.read());
    return look(settings);
  }

  async function draw(reply) {
    problem.replaceChildren(...reply.error && !reply.isAboutIdentifier ? [reply.error, ' ', reply.remedy] : []);
    identifier.fail(...reply.isAboutIdentifier ? [reply.error, ' ', texts.importChoose] : []);
    warnings.replaceChildren(...(reply.warnings ?? []).map(text => element('li', {}, text)));
    const { columns = [] } = reply;
    const names = columns.map(({ header }, at) => header.trim() || texts.importNoName(at + 1));
    preview.replaceChildren(columns.length === 0 ? '' : table(texts.importPreview, names, reply.rows, 'preview'));
    if (rows.length !== columns.length) {
      rows = names.map(columnRow);
      body.replaceChildren(...rows.map(row => row.line));
    }
    rows.forEach((row, at) => row.draw(columns[at], at === reply.identifier, reply.isGuess));
    identifier.input.replaceChildren(option('', texts.importAutomatic), ...names.map((name, at) => option(String(at), name)),
      option('random', texts.importRandom));
    identifier.input.value = settings.isRandom ? 'random' : String(settings.identifier ?? '');
    const isUsable = columns.length > 0 && !reply.error;
    identifier.note.textContent = isUsable ? texts.importIdentifies(names[reply.identifier], reply.isGuess) : '';
    settings.columns = rows.map(row => row.read());
    if (isUsable) await test();
  }

  // Every row is read, so that the columns show what is in them and what the rules find.
  async function test() {
    const mine = asked;
    const state = await check(({ isRunning, fraction }) => { status.textContent = isRunning ? texts.importChecking(fraction) : ''; });
    if (state === null || mine !== asked) return;
    const { account, messages, findings, statistics } = state;

    // An error that is in no row is about the name of a column, and the import would send nothing.
    const isRefused = findings.some(({ isError, lines }) => isError && lines.length === 0);
    status.textContent = isRefused ? texts.importRefused : texts.importChecked(account);
    const rest = findings.filter(finding => !rows.some(row => row.isAbout(finding)));
    general.replaceChildren(...messages.map(({ message, remedy }) => element('li', {}, message, ' ', remedy)), ...rest.map(item));
    for (const row of rows) row.found(findings.filter(row.isAbout), statistics?.find(row.isAbout));
    checked = state;
    go.disabled = state.isIncomplete || isRefused;
  }

  // How full the column is, and its most frequent values, or how its numbers and dates are spread.
  function picture({ emptyShare, distinct, hasMoreDistinct, frequent, range, rows: all }) {
    const bar = (share, side) => {
      const made = element('span', { class: 'amount' });
      made.style[side] = `${Math.max(share * 100, 1)}%`;
      return made;
    };
    const most = Math.max(...range?.bins.map(bin => bin.count) ?? [1]);
    return [element('p', { class: 'hint' }, texts.importFilled(emptyShare, distinct, hasMoreDistinct)),
      range && distinct > frequent.length
        ? element('div', { class: 'histogram', role: 'img', 'aria-label': texts.importSpread(range) },
          element('div', { class: 'spread' }, range.bins.map(({ count }) => bar(count / most, 'height'))),
          element('div', { class: 'hint ends' }, element('span', {}, range.minimum), element('span', {}, range.maximum)))
        : element('ul', { class: 'plain frequent' }, frequent.map(({ text, count }) => element('li', {},
          count > 1 && bar(count / all, 'width'), element('span', {}, text), element('span', { class: 'hint' }, texts.number(count)))))];
  }

  const item = finding => element('li', { class: finding.isError ? 'bad' : '' }, texts.finding(finding));

  function columnRow(name, at) {
    const label = text => ({ 'aria-label': `${text}: ${name}` });
    const tick = element('input', { type: 'checkbox', ...label(texts.importTick), onchange: refresh });
    const property = element('input', { type: 'text', autocomplete: 'off', ...label(texts.property), onchange: refresh });
    const type = element('select', { ...label(texts.type), onchange: () => { isChosen = true; refresh(); } });
    const contents = element('td', { class: 'contents' });
    const mark = element('span', {}, texts.id);
    let isChosen = false;
    let now = {};
    let names = [];
    return {
      line: element('tr', {}, element('td', { class: 'check' }, tick), element('th', { scope: 'row' }, name),
        element('td', {}, mark, property), element('td', {}, type), contents),
      read: () => ({ header: now.header, property: property.value.trim(), type: isChosen ? type.value : '', isImported: tick.checked }),

      // A finding names the property, or else the column; statistics name the column.
      isAbout: ({ property: about, column }) => column === undefined ? names.includes(about) : column === now.header,
      draw(column, identifies, isGuess) {
        const isIdentifier = identifies && !isGuess;
        now = column;
        names = [isIdentifier ? '' : column.property, identifies ? column.header : '', column.header.trim() === '' ? String(at + 1) : ''];
        tick.checked = column.isImported || isIdentifier;
        tick.disabled = isIdentifier || column.header.trim() === '';
        property.disabled = type.disabled = !column.isImported;
        property.hidden = type.hidden = isIdentifier;
        mark.hidden = !isIdentifier;

        // An answer to an earlier question must not take what is being typed.
        if (document.activeElement !== property) property.value = column.property;
        const all = [...new Set([...types, column.type || 'Text'])];
        type.replaceChildren(...all.map(value => option(value, texts.columnType(value), value === column.type)));
        contents.replaceChildren();
      },
      found(findings, statistics) {
        contents.replaceChildren(...statistics ? picture(statistics) : [], element('ul', { class: 'messages' }, findings.map(item)));
      },
    };
  }

  return { content, begin: () => answered(first) };
}
