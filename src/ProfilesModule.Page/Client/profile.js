// One profile: its properties by reserved and own, edited in place; and a new profile.
import { address, request } from './api.js';
import { ask, avatar, button, element, field, say, table, time, warn } from './dom.js';
import { change as send } from './project.js';
import { removeProfiles } from './remove.js';
import { texts } from './texts.js';
import { editable, show, valueEditor } from './value.js';

let known = null;

async function names() {
  known ??= await request('/app/names');
  return known;
}

const back = () => element('p', {}, element('a', { href: '#/' }, texts.back));
const isReserved = name => name.startsWith('$');
const meaningOf = name => known.reserved[name] ?? (isReserved(name) ? texts.unknownReserved : '');

// The values are JSON already.
function body(id, { set = {}, unset = [], was = {}, isNew = false }) {
  const members = values => `{${Object.entries(values).map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
  const [name, names, before] = [id, unset, was].map(value => JSON.stringify(value));
  return `{"id":${name},"isNew":${isNew},"set":${members(set)},"unset":${names},"was":${before}}`;
}

function propertyEntry() {
  const options = [...new Set([...known.used, ...Object.keys(known.reserved)])];
  const list = element('datalist', { id: 'property-names' }, options.map(value => element('option', { value })));
  const name = field(texts.property, element('input', { type: 'text', list: list.id, autocomplete: 'off' }));
  name.input.addEventListener('input', () => { name.note.textContent = meaningOf(name.input.value.trim()); });
  const value = valueEditor();
  return { box: element('div', { class: 'entry' }, document.getElementById(list.id) ? '' : list, name.box, value.box), name, value };
}

export async function profile(main, { argument: id }) {
  await names();
  let stored;
  const heading = element('h1', { tabindex: '-1' });
  const facts = element('p', { class: 'facts' });
  const find = element('input', { type: 'search', 'aria-label': texts.find, placeholder: texts.find, oninput: filter });
  const sections = element('div');
  const adding = element('div');
  main.replaceChildren(
    back(), heading, facts,
    element('div', { class: 'bar' }, find, button(texts.addProperty, startAdding),
      button(texts.deleteProfile, remove, { class: 'danger' })),
    adding, sections, element('p', { class: 'hint' }, texts.updatedNote));

  async function load() {
    try {
      stored = await request(address('/app/profile', { id }));
    } catch (error) {
      if (error.status !== 404) throw error;
      main.replaceChildren(back(), element('h1', { tabindex: '-1' }, texts.notFound(id)));
      return;
    }
    const text = name => {
      const property = stored.properties.find(item => item.name === name);
      return property?.kind === 'text' ? JSON.parse(property.json ?? '""') : '';
    };
    const seen = stored.properties.find(item => item.name === '$last_seen');
    heading.replaceChildren(avatar(text('$name') || text('$email') || id), ' ', text('$name') || id);
    facts.replaceChildren(element('span', {}, `${texts.id}: `), element('code', {}, id),
      ' · ', `${texts.updated}: `, seen ? time(JSON.parse(seen.json)) : texts.never);
    sections.replaceChildren(section(texts.reserved, true), section(texts.own, false));
    filter();
  }

  function section(label, reserved) {
    const properties = stored.properties.filter(property => isReserved(property.name) === reserved);
    const columns = [texts.property, texts.type, texts.value, texts.actions];
    return element('section', {}, element('h2', {}, label), properties.length === 0 ? element('p', { class: 'hint' }, texts.noProperties)
      : table(label, columns, element('tbody', {}, properties.map(row)), 'properties'));
  }

  function row(property) {
    const { name } = property;
    const line = element('tr', { 'data-name': name });
    const whole = property.json === undefined
      ? [' ', element('a', { href: address('/app/value', { id, name }), download: 'value.json' }, texts.whole(property.size))] : '';
    const actions = property.isKept ? element('span', { class: 'hint' }, texts.keptByService) : [
      property.json === undefined ? '' : button(texts.edit, () => edit(line, property), { 'aria-label': texts.editName(name) }), ' ',
      button(texts.remove, () => removeProperty(name), { 'aria-label': texts.removeName(name) })];
    line.append(
      element('th', { scope: 'row' }, name, element('p', { class: 'hint' }, meaningOf(name))),
      element('td', {}, texts.types[property.kind]),
      element('td', { class: `value ${property.kind}` }, show(property), whole),
      element('td', { class: 'actions' }, actions));
    return line;
  }

  function edit(line, property) {
    const { name, kind, json } = property;
    const editor = valueEditor(kind, editable(kind, json));
    const error = element('p', { class: 'error', role: 'alert' });
    const cancel = () => {
      const again = row(property);
      line.replaceWith(again);
      again.querySelector('.actions button').focus();
    };
    const escape = event => { if (event.key === 'Escape') cancel(); };
    const save = async event => {
      event.preventDefault();
      const value = editor.read();
      if (value === null) return;
      await change({ set: { [name]: value }, was: { [name]: json } }, error, texts.saved(name), name);
    };
    const form = element('form', { class: 'editor', 'aria-label': texts.editName(name), onsubmit: save, onkeydown: escape }, editor.box,
      error, element('div', { class: 'bar' }, element('button', {}, texts.save), button(texts.cancel, cancel)));
    line.replaceChildren(element('th', { scope: 'row' }, name), element('td', { colspan: '3' }, form));
    editor.focus();
  }

  // Returns whether the change was made.
  async function change(what, error, message, name) {
    try {
      const reply = await send('/app/profile', body(id, what));
      if (reply === null) return false;
      known = null;
      await names();
      await load();
      warn(...reply.warnings.map(warning => element('p', {}, warning)));
      say(message);
      (sections.querySelector(`tr[data-name="${CSS.escape(name)}"] button`) ?? heading).focus();
      return true;
    } catch (problem) {
      error.textContent = problem.message;
      return false;
    }
  }

  async function removeProperty(name) {
    const error = element('p', { class: 'error', role: 'alert' });
    await ask(texts.removeQuestion(name), close => [error, element('div', { class: 'bar' },
      button(texts.cancel, () => close(false)),
      button(texts.remove, async () => {
        const { json } = stored.properties.find(property => property.name === name);
        if (await change({ unset: [name], was: json === undefined ? {} : { [name]: json } }, error, texts.removed(name), name)) close(true);
      }, { class: 'danger' }))]);
    heading.focus();
  }

  function startAdding() {
    const entry = propertyEntry();
    const error = element('p', { class: 'error', role: 'alert' });
    const save = async event => {
      event.preventDefault();
      const name = entry.name.input.value.trim();
      const exists = stored.properties.some(property => property.name === name);
      entry.name.fail(...name === '' ? [texts.noPropertyName] : exists ? [texts.exists(name)] : []);
      if (name === '' || exists) {
        entry.name.input.focus();
        return;
      }
      const value = entry.value.read();
      if (value === null) return;
      const isSaved = await change({ set: { [name]: value }, was: { [name]: null } }, error, texts.saved(name), name);
      if (isSaved) adding.replaceChildren();
    };
    adding.replaceChildren(element('form', { class: 'editor card', onsubmit: save }, element('h2', {}, texts.addHeading), entry.box, error,
      element('div', { class: 'bar' }, element('button', {}, texts.save), button(texts.cancel, () => adding.replaceChildren()))));
    entry.name.input.focus();
  }

  function filter() {
    const text = find.value.toLowerCase();
    for (const line of sections.querySelectorAll('tr[data-name]')) line.hidden = !line.dataset.name.toLowerCase().includes(text);
  }

  async function remove() {
    if (await removeProfiles({ ids: [id] })) location.hash = '#/';
  }

  await load();
}

export async function newProfile(main) {
  await names();
  const identifier = field(texts.identifier, element('input', { type: 'text', autocomplete: 'off', required: true }), texts.identifierHint);
  const entries = [];
  const list = element('div');
  const error = element('p', { class: 'error', role: 'alert' });
  const add = () => {
    const entry = propertyEntry();
    entries.push(entry);
    list.append(entry.box);
    return entry;
  };

  async function save(event) {
    event.preventDefault();
    const id = identifier.input.value.trim();
    identifier.fail(...id === '' ? [texts.needsIdentifier] : []);
    if (id === '') {
      identifier.input.focus();
      return;
    }
    const set = {};
    for (const entry of entries) {
      const name = entry.name.input.value.trim();
      if (name === '' || entry.value.isEmpty()) continue;
      const value = entry.value.read();
      entry.name.fail(...Object.hasOwn(set, name) ? [texts.exists(name)] : []);
      if (value === null || Object.hasOwn(set, name)) return;
      set[name] = value;
    }
    try {
      if (await send('/app/profile', body(id, { set, isNew: true })) === null) return;
    } catch (problem) {
      error.textContent = problem.message;
      return;
    }
    known = null;
    say(texts.created(id));
    location.hash = `#/profile/${encodeURIComponent(id)}`;
  }

  main.replaceChildren(
    back(),
    element('h1', { tabindex: '-1' }, texts.newProfile), element('p', {}, texts.newIntro),
    element('form', { class: 'editor', novalidate: '', onsubmit: save }, identifier.box, list, error,
      element('div', { class: 'bar' }, button(texts.addProperty, () => add().name.input.focus()),
        element('button', { class: 'primary' }, texts.createProfile))));
  const first = add();
  first.name.input.value = '$name';
  first.name.note.textContent = meaningOf('$name');
  identifier.input.focus();
}
