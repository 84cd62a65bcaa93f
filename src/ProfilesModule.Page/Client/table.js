// The table of profiles: search, condition, order, columns, pages, selection.
import { address, request } from './api.js';
import { avatar, button, element, field, say, time } from './dom.js';
import { isUnread } from './project.js';
import { removeProfiles } from './remove.js';
import { texts } from './texts.js';

const pageSize = 50;
const storageKey = 'profiles.columns';
const fixed = [['$name', texts.name], ['$email', texts.email], ['$distinct_id', texts.id], ['$last_seen', texts.updated]];

function storedColumns() {
  try {
    const columns = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(columns) ? columns.filter(column => typeof column === 'string') : [];
  } catch {
    return [];
  }
}

export async function table(main, { parameters, signal: leaving }) {
  const state = {
    text: parameters.get('text') ?? '', where: parameters.get('where') ?? '',
    sort: parameters.get('sort') ?? '', desc: parameters.get('desc') ?? '', offset: Number(parameters.get('offset') ?? 0) || 0,
    columns: storedColumns(), names: [], rows: [], more: false, count: null, selected: new Set(), isAll: false,
  };
  let pending = new AbortController();

  const input = (type, value) => element('input', { type, value, autocomplete: 'off', spellcheck: 'false' });
  const search = field(texts.search, input('search', state.text), texts.searchHint);
  const where = field(texts.where, input('text', state.where), texts.whereHint);
  const range = element('p', { class: 'range', role: 'status' }, texts.loading);
  const bar = element('div', { class: 'bar' });
  const head = element('thead');
  const body = element('tbody');
  const previous = button(texts.previous, () => turn(-pageSize));
  const next = button(texts.next, () => turn(pageSize));
  const columns = element('details', { class: 'columns' });
  main.replaceChildren(
    element('h1', { tabindex: '-1' }, texts.title),
    element('form', { role: 'search', class: 'filters', onsubmit: event => { event.preventDefault(); filter(); } }, search.box, where.box),
    element('div', { class: 'bar' }, range, element('a', { class: 'button', href: '#/new' }, texts.addProfile),
      element('a', { class: 'button', href: '#/import' }, texts.importTitle), columns),
    bar,
    element('div', { class: 'scroll', role: 'region', 'aria-label': texts.tableLabel, tabindex: '0' },
      element('table', { class: 'profiles' }, element('caption', { class: 'hidden' }, texts.tableLabel), head, body)),
    element('div', { class: 'bar' }, previous, next));

  let typing = null;
  leaving.addEventListener('abort', () => { pending.abort(); clearTimeout(typing); say(''); });
  search.input.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(filter, 200); });
  where.input.addEventListener('change', filter);

  function filter() {
    clearTimeout(typing);
    if (search.input.value === state.text && where.input.value === state.where) return;
    Object.assign(state, { text: search.input.value, where: where.input.value, offset: 0, isAll: false });
    state.selected.clear();
    load();
  }

  function turn(step) {
    state.offset = Math.max(0, state.offset + step);
    load();
  }

  function sortBy(column) {
    const isSame = state.sort === column;
    // Ascending, descending, the order of creation. Recent changes are what somebody wants to see first.
    const startsDescending = column === '$last_seen';
    const wasFirst = isSame && (state.desc !== '') === startsDescending;
    Object.assign(state, isSame && !wasFirst ? { sort: '', desc: '' } : { sort: column, desc: startsDescending !== wasFirst ? '1' : '' });
    state.offset = 0;
    load();
    head.querySelector(`[data-column="${CSS.escape(column)}"]`)?.focus();
  }

  function showAddress() {
    const { text, where: condition, sort, desc, offset } = state;
    history.replaceState(null, '', address('#/', { text, where: condition, sort, desc, offset: offset || '' }).replace(/\?$/, ''));
  }

  async function load() {
    pending.abort();
    pending = new AbortController();
    const { signal } = pending;
    const { text, where: condition, sort, desc, offset } = state;
    showAddress();
    drawHead();
    main.setAttribute('aria-busy', 'true');
    try {
      const reply = await request(address('/app/profiles', {
        text, where: condition, sort, desc, offset, count: pageSize, columns: JSON.stringify(state.columns),
      }), { signal });
      where.fail();
      Object.assign(state, { rows: reply.rows, more: reply.more, count: null });
      drawRows();
      const { count } = await request(address('/app/count', { text, where: condition }), { signal });
      state.count = count;
      drawRange();
      drawBar();
    } catch (error) {
      if (error.name === 'AbortError') return;
      showProblem(error);
    } finally {
      if (!signal.aborted) main.removeAttribute('aria-busy');
    }
  }

  // The expression, with the place that cannot be read marked.
  function showProblem(error) {
    if (error.status !== 400 || !state.where) throw error;

    // What is shown would not be what was asked for.
    Object.assign(state, { rows: [], more: false, count: 0, isAll: false });
    drawRows();
    range.textContent = '';
    const at = Math.min(error.position ?? 0, state.where.length);
    where.fail(texts.whereError, error.message, element('br'), element('code', {},
      state.where.slice(0, at), element('mark', {}, state.where[at] ?? '⎵'), state.where.slice(at + 1)));
    where.input.setSelectionRange(at, at + 1);
    say(`${texts.whereError}${error.message}`);
    body.replaceChildren();
  }

  const shownColumns = () => [...fixed, ...state.columns.map(name => [name, name])];

  function drawHead() {
    const active = document.activeElement?.dataset?.column;
    const box = element('input', { type: 'checkbox', 'aria-label': texts.selectPage, onchange: event => selectPage(event.target.checked) });
    head.replaceChildren(element('tr', {}, element('th', { class: 'check' }, box), shownColumns().map(([column, label]) => {
      const order = state.sort !== column ? undefined : state.desc ? 'descending' : 'ascending';
      const mark = order === undefined ? '' : order === 'descending' ? ' ↓' : ' ↑';
      return element('th', { 'aria-sort': order, scope: 'col' },
        button([label, element('span', { 'aria-hidden': 'true' }, mark)], () => sortBy(column), { class: 'plain', 'data-column': column }));
    })));
    if (active) head.querySelector(`[data-column="${CSS.escape(active)}"]`)?.focus();
  }

  function cell(row, column) {
    const value = row.values[column];
    const link = text => element('a', { href: `#/profile/${encodeURIComponent(row.id)}` }, text);
    if (column === '$name') {
      const picture = avatar(value?.text || row.values.$email?.text || row.id);
      return element('th', { scope: 'row' }, element('span', { class: 'who' }, picture, link(value?.text || texts.noName)));
    }
    if (column === '$distinct_id') return element('td', { class: 'id' }, link(row.id));
    if (column === '$last_seen') return element('td', {}, value ? time(value.text) : texts.never);
    return element('td', { class: `value ${value?.kind ?? ''}` }, value?.text ?? '');
  }

  function drawRows() {
    body.replaceChildren(...state.rows.map(row => element('tr', {},
      element('td', { class: 'check' }, element('input', {
        type: 'checkbox', checked: state.isAll || state.selected.has(row.id), 'aria-label': texts.selectRow(row.id),
        onchange: event => select(row.id, event.target.checked),
      })),
      shownColumns().map(([column]) => cell(row, column)))));
    if (state.rows.length === 0) {
      body.append(element('tr', {}, element('td', { colspan: String(shownColumns().length + 1), class: 'none' },
        state.text || state.where || state.offset ? texts.none : isUnread() ? texts.projectNone : texts.empty)));
    }
    drawRange();
    drawBar();
  }

  function drawRange() {
    const from = state.rows.length === 0 ? 0 : state.offset + 1;
    range.textContent = state.count === null ? texts.counting : texts.range(from, state.offset + state.rows.length, state.count);
    previous.disabled = state.offset === 0;
    next.disabled = !state.more;
  }

  function selectPage(isOn) {
    state.isAll = false;
    for (const row of state.rows) select(row.id, isOn, false);
    drawRows();
  }

  function select(id, isOn, draws = true) {
    if (state.isAll) {
      state.isAll = false;
      state.rows.forEach(row => state.selected.add(row.id));
    }
    if (isOn) state.selected.add(id);
    else state.selected.delete(id);
    if (draws) drawBar();
  }

  function drawBar() {
    const box = head.querySelector('input');
    const selectedHere = state.rows.filter(row => state.isAll || state.selected.has(row.id)).length;
    box.checked = selectedHere > 0 && selectedHere === state.rows.length;
    box.indeterminate = selectedHere > 0 && !box.checked;
    if (!state.isAll && state.selected.size === 0) {
      bar.replaceChildren();
      return;
    }
    const canSelectAll = !state.isAll && state.count > state.selected.size;
    bar.replaceChildren(
      element('span', {}, state.isAll ? texts.allSelected(state.count ?? 0) : texts.selected(state.selected.size)),
      canSelectAll ? button(texts.selectAll(state.count), () => { state.isAll = true; drawRows(); }) : '',
      button(texts.selectNone, () => { state.isAll = false; state.selected.clear(); drawRows(); search.input.focus(); }),
      button(texts.removeSelected, remove, { class: 'danger' }));
  }

  async function remove() {
    const removed = await removeProfiles(state.isAll ? { text: state.text, where: state.where } : { ids: [...state.selected] });
    if (!removed) return;
    Object.assign(state, { isAll: false, offset: 0 });
    state.selected.clear();
    await load();
    search.input.focus();
  }

  function setColumns(list) {
    state.columns = list;
    localStorage.setItem(storageKey, JSON.stringify(list));
    load();
  }

  function drawColumns() {
    const other = element('input', { type: 'text', list: 'column-names', autocomplete: 'off' });
    const entry = field(texts.columnsOther, other);
    const boxes = element('div', { class: 'checks' });
    const column = name => {
      const change = event => setColumns([...state.columns.filter(column => column !== name), ...event.target.checked ? [name] : []]);
      const box = element('input', { type: 'checkbox', checked: state.columns.includes(name), onchange: change });
      return element('label', {}, box, ' ', name);
    };
    const drawBoxes = () => boxes.replaceChildren(...[...new Set([...state.names.slice(0, 40), ...state.columns])].map(column));
    const add = event => {
      event.preventDefault();
      const name = other.value.trim();
      if (name === '' || state.columns.includes(name) || fixed.some(([column]) => column === name)) return;
      other.value = '';
      setColumns([...state.columns, name]);
      drawBoxes();
    };
    drawBoxes();
    columns.replaceChildren(element('summary', {}, texts.columns), boxes,
      element('datalist', { id: 'column-names' }, state.names.map(name => element('option', { value: name }))),
      element('form', { class: 'inline', onsubmit: add }, entry.box, element('button', {}, texts.columnsAdd)));
  }

  drawColumns();
  await load();
  request('/app/names').then(({ used }) => {
    state.names = used.filter(name => !fixed.some(([column]) => column === name));
    drawColumns();
  }, () => {});
}
