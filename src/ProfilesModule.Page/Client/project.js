// The project of another service that the page shows: what was read of it, reading more, and the question before a change.
import { request } from './api.js';
import { ask, button, element, field, say, time } from './dom.js';
import { texts } from './texts.js';

const box = document.getElementById('project');
const line = element('p', {});
let project = {};

export const isProject = () => project.name !== undefined;

function drawLine() {
  if (!isProject()) return;
  line.replaceChildren(element('strong', {}, texts.projectAt(project)), ' ', texts.projectRead(project), ' ',
    project.readAt ? time(project.readAt) : '', ' ', texts.queriesLeft(project.queriesLeft));
}

export async function loadProject() {
  project = await request('/app/project');
  drawLine();
}

// Draws the project above a view. Only the buttons send a query.
export function drawProject(view, argument, refresh) {
  box.hidden = !isProject();
  if (!isProject()) return;
  const problem = element('p', { class: 'error', role: 'alert' });
  const condition = field(texts.projectCondition, element('input', { type: 'text', value: project.condition ?? '', spellcheck: 'false' }),
    texts.whereHint);

  async function read(what) {
    const controls = [...box.querySelectorAll('button')];
    controls.forEach(control => { control.disabled = true; });
    try {
      await request('/app/project/read', { body: JSON.stringify(what) });
      await refresh();
      say(texts.projectRead(project));
      box.querySelector('button')?.focus();
    } catch (error) {
      controls.forEach(control => { control.disabled = false; });
      await loadProject();
      problem.textContent = error.message;
    }
  }

  const first = event => {
    event.preventDefault();
    read({ where: condition.input.value });
  };
  const actions = {
    '': () => element('form', { class: 'inline', onsubmit: first }, condition.box, element('button', {}, texts.readFirst),
      project.hasMore && button(texts.readNext, () => read({}))),
    profile: () => button(texts.readAgain, () => read({ id: argument })),
    new: () => element('p', { class: 'hint' }, texts.projectNew),
    import: () => element('p', { class: 'hint' }, texts.projectImport),
  };
  box.replaceChildren(line, element('p', { class: 'error' }, project.warning), actions[view]?.() ?? '', problem);
}

// The name of the project, once somebody has typed it: empty where none is needed, and null to change nothing.
export async function confirmProject() {
  if (!isProject()) return '';
  const name = field(texts.projectType(project.name), element('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' }));
  return ask(texts.projectChange, close => {
    const submit = event => {
      event.preventDefault();
      if (name.input.value.trim() === project.name) close(project.name);
      else name.fail(texts.projectWrong(project.name));
    };
    return [element('p', {}, texts.projectWhere(project)), element('form', { onsubmit: submit }, name.box,
      element('div', { class: 'bar' }, button(texts.cancel, () => close(null)), element('button', { class: 'danger' }, texts.projectGo)))];
  });
}

// Changes profiles after the question; null if somebody thought better of it.
export async function change(path, body) {
  const name = await confirmProject();
  return name === null ? null : request(path, { body, project: name });
}

// The age, and the queries of an hour ago.
setInterval(() => {
  if (isProject() && !document.hidden) loadProject();
}, 30000);
