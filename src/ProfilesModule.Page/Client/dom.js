// Elements are made here alone. Values become text nodes and attributes, never markup.
import { texts } from './texts.js';

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (key in made && !key.includes('-') && typeof value !== 'string') made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return made;
}

let fields = 0;

// A field with its label, and its hint and error as descriptions.
export function field(label, input, hint) {
  input.id ||= `field-${++fields}`;
  const error = element('p', { class: 'error', id: `${input.id}-error` });
  const note = element('p', { class: 'hint', id: `${input.id}-hint` }, hint ?? '');
  input.setAttribute('aria-describedby', `${note.id} ${error.id}`);
  const box = element('div', { class: 'field' }, element('label', { for: input.id }, label), input, note, error);
  return {
    box, input, note,
    fail(...message) {
      error.replaceChildren(...message);
      input.setAttribute('aria-invalid', String(message.length > 0));
    },
  };
}

// A table in a region that scrolls. Its rows are lists of cells, or its body.
export function table(label, columns, rows, name) {
  const line = (tag, cells) => element('tr', {}, cells.map(cell => element(tag, { scope: tag === 'th' ? 'col' : undefined }, cell)));
  return element('div', { class: 'scroll', role: 'region', 'aria-label': label, tabindex: '0' }, element('table', { class: name },
    element('caption', { class: 'hidden' }, label), element('thead', {}, line('th', columns)),
    Array.isArray(rows) ? element('tbody', {}, rows.map(cells => line('td', cells))) : rows));
}

export function button(label, action, properties = {}) {
  return element('button', { type: 'button', onclick: action, ...properties }, label);
}

let forgetting = null;

// A short message, read out by screen readers.
export function say(text) {
  const status = document.getElementById('status');
  status.textContent = text;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => { status.textContent = ''; }, 10000);
}

export function warn(...content) {
  document.getElementById('alert').replaceChildren(...content);
}

// The initials of a user. Pictures would be fetched from elsewhere.
export function avatar(text) {
  const words = text.trim().split(/[\s@._-]+/u).filter(word => word !== '');
  const initials = words.slice(0, 2).map(word => String.fromCodePoint(word.codePointAt(0))).join('').toUpperCase();
  let hash = 0;
  for (const character of text) hash = (hash * 31 + character.codePointAt(0)) % 6;
  return element('span', { class: `avatar tone-${hash}`, 'aria-hidden': 'true' }, initials || '?');
}

const units = [['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

// A time, how long ago it was and when exactly.
export function time(text) {
  const date = new Date(/Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(date.getTime())) return element('span', {}, text);
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units.at(-1);
  return element('time', { datetime: date.toISOString(), class: 'time' },
    element('span', {}, texts.relative.format(Math.trunc(seconds / length), unit)), ' ',
    element('span', { class: 'hint' }, texts.exact(date)));
}

let dialogs = 0;

// A question in a modal dialog. What it resolves to is what a button passes to its close function.
export function ask(heading, build) {
  return new Promise(resolve => {
    const opener = document.activeElement;
    let answer = null;
    const id = `dialog-${++dialogs}`;
    const dialog = element('dialog', { 'aria-labelledby': id });
    const close = value => { answer = value; dialog.close(); };
    dialog.append(element('h2', { id }, heading), ...build(close));
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (opener?.isConnected) opener.focus();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
