// The project of another service that the page shows: what was read of it, reading more, and the question before a change.
import { request } from './api.js';
import { ask, button, element, field, say, time, warn } from './dom.js';
import { texts } from './texts.js';

const box = document.getElementById('project');
const line = element('p', {});
let project = null;

export const isProject = () => project?.name !== undefined;
export const isUnread = () => isProject() && project.readAt === undefined;

// The profiles of the server itself have nothing that could change.
export async function loadProject() {
  if (project !== null && !isProject()) return;
  project = await request('/app/project');
  if (!isProject()) return;
  line.replaceChildren(element('strong', {}, texts.projectAt(project)), ' ', texts.projectRead(project), ' ',
    ...(project.readAt ? [time(project.readAt), ' · '] : []), texts.queriesLeft(project.queriesLeft));
}

// Draws the project above a view, which signals when it is left. Only the buttons send a query.
export function drawProject(view, argument, refresh, signal) {
  box.hidden = !isProject();
  if (!isProject()) return;
  const problem = element('p', { class: 'error', role: 'alert' });
  const condition = field(texts.projectCondition, element('input', { type: 'text', value: project.condition ?? '', spellcheck: 'false' }),
    texts.whereHint);

  async function read(what, label) {
    const controls = [...box.querySelectorAll('button')];
    controls.forEach(control => { control.disabled = true; });
    problem.textContent = '';
    say(texts.working);
    try {
      await request('/app/project/read', { body: JSON.stringify(what) });

      // Another view may be open by now, with something that must not be lost.
      await (signal.aborted ? loadProject() : refresh());
      say(what.id === undefined ? texts.projectRead(project) : texts.wasRead(what.id));
    } catch (error) {
      controls.forEach(control => { control.disabled = false; });
      if (signal.aborted) warn(error.message);
      else problem.textContent = error.message;
      say('');
      loadProject().catch(() => {});
    }
    const again = [...box.querySelectorAll('button')].find(control => control.textContent === label);
    if (document.activeElement === document.body) (again ?? document.querySelector('main h1'))?.focus();
  }

  const reader = (label, what) => button(label, () => read(what, label));
  const first = event => {
    event.preventDefault();
    read({ where: condition.input.value }, texts.readFirst);
  };
  const actions = {
    '': () => element('form', { class: 'inline', onsubmit: first }, condition.box, element('button', {}, texts.readFirst),
      project.hasMore && reader(texts.readNext, {})),
    profile: () => reader(texts.readAgain, { id: argument }),
    new: () => element('p', { class: 'hint' }, texts.projectNew),
    import: () => element('p', { class: 'hint' }, texts.projectImport),
  };
  box.replaceChildren(line, element('p', { class: 'error' }, project.warning), actions[view]?.() ?? '', problem);
}

// The name of the project, once somebody has typed it: empty where none is needed, and null to change nothing.
export async function confirmProject() {
  if (!isProject()) return '';
  const name = field(texts.projectType(project.name), element('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' }));
  const problem = element('p', { class: 'error', role: 'alert' });
  return ask(texts.projectChange, close => {
    const submit = event => {
      event.preventDefault();
      if (name.input.value.trim() === project.name) close(project.name);
      else problem.textContent = texts.projectWrong(project.name);
    };
    return [element('p', {}, texts.projectWhere(project)), element('form', { onsubmit: submit }, name.box, problem,
      element('div', { class: 'bar' }, button(texts.cancel, () => close(null)), element('button', { class: 'danger' }, texts.projectGo)))];
  });
}

// Changes profiles after the question; null if somebody thought better of it. A new profile needs a query.
export async function change(path, body) {
  const name = await confirmProject();
  if (name === null) return null;
  try {
    return await request(path, { body, project: name });
  } finally {
    loadProject().catch(() => {});
  }
}

// The age, and the queries of an hour ago.
setInterval(() => {
  if (isProject() && !document.hidden) loadProject().catch(() => {});
}, 30000);
