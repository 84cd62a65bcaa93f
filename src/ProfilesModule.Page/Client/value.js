// Values of properties: how they are shown, and the fields that they are edited in. JSON stays text, so that no digit is lost.
import { element, field } from './dom.js';
import { texts } from './texts.js';

const most = 100;
const datePattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?$/;
const numberPattern = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

// Parses JSON and keeps numbers as they are written, where the browser can.
class Digits {
  constructor(text) { this.text = text; }
}

const parse = json => JSON.parse(json, (_, value, context) =>
  typeof value === 'number' ? new Digits(context?.source ?? String(value)) : value);

function fold(summary, entries) {
  const list = element('ul', { class: 'nested' }, entries.slice(0, most).map(([name, value]) => element('li', {},
    name === null ? '' : [element('span', { class: 'key' }, name), ': '], tree(value))));
  if (entries.length > most) list.append(element('li', { class: 'hint' }, texts.more(entries.length - most)));
  return element('details', {}, element('summary', {}, summary), list);
}

function tree(value) {
  if (value instanceof Digits) return element('span', { class: 'number' }, value.text);
  if (Array.isArray(value)) return fold(texts.items(value.length), value.map(item => [null, item]));
  if (value !== null && typeof value === 'object') return fold(texts.members(Object.keys(value).length), Object.entries(value));
  if (typeof value === 'string') return value === '' ? element('span', { class: 'hint' }, texts.emptyText) : value;
  return String(value);
}

export function show(property) {
  return property.json === undefined ? property.preview : tree(parse(property.json));
}

// The text that somebody edits: of a text itself, else JSON.
export function editable(kind, json) {
  return kind === 'text' || kind === 'date' ? JSON.parse(json) : json;
}

// A type and a value. Changing the type keeps what was typed.
export function valueEditor(kind = 'text', text = '') {
  const option = ([value, label]) => element('option', { value, selected: value === kind }, label);
  const type = field(texts.type, element('select', {}, Object.entries(texts.types).map(option)));
  const holder = element('div');
  let value;

  function draw() {
    const now = type.input.value;
    const before = value?.input.value ?? text;
    const input = now === 'boolean'
      ? element('select', {}, ['true', 'false'].map(item => element('option', { value: item, selected: item === before }, item)))
      : now === 'list' || now === 'object' || (now === 'text' && before.includes('\n'))
        ? element('textarea', { rows: '6', spellcheck: 'false' })
        : element('input', { type: 'text', autocomplete: 'off', inputmode: now === 'number' ? 'decimal' : 'text',
          disabled: now === 'null' });
    if (now !== 'boolean') input.value = now === 'null' ? '' : before;
    value = field(texts.value, input, texts.hints[now]);
    holder.replaceChildren(value.box);
  }

  draw();
  type.input.addEventListener('change', draw);
  return {
    box: element('div', { class: 'pair' }, type.box, holder),
    focus: () => value.input.focus(),
    isEmpty: () => type.input.value === 'text' && value.input.value === '',

    // The value as JSON; null after an error, which is then shown.
    read() {
      const { json, problem } = toJson(type.input.value, value.input.value);
      value.fail(...problem ? [problem] : []);
      if (problem) value.input.focus();
      return problem ? null : json;
    },
  };
}

function toJson(kind, text) {
  const trimmed = text.trim();
  switch (kind) {
    case 'number': return numberPattern.test(trimmed) ? { json: trimmed } : { problem: texts.notNumber };
    case 'boolean': return { json: text };
    case 'null': return { json: 'null' };
    case 'date': {
      const isDate = datePattern.test(trimmed) && !Number.isNaN(Date.parse(trimmed));
      return isDate ? { json: JSON.stringify(trimmed) } : { problem: texts.notDate };
    }
    case 'list': case 'object': {
      const problem = kind === 'list' ? texts.notList : texts.notObject;
      try {
        const value = JSON.parse(trimmed);
        return Array.isArray(value) === (kind === 'list') && value !== null && typeof value === 'object' ? { json: trimmed } : { problem };
      } catch (error) {
        return { problem: `${problem} ${error.message}` };
      }
    }
    default: return { json: JSON.stringify(text) };
  }
}
