// Shows the view that the address names: #/ with parameters, #/new, #/profile/<id>, #/import, #/requests.
import { ApiError } from './api.js';
import { element, warn } from './dom.js';
import { importer } from './import.js';
import { newProfile, profile } from './profile.js';
import { drawProject, isProject, loadProject } from './project.js';
import { requests } from './requests.js';
import { table } from './table.js';
import { texts } from './texts.js';

const main = document.getElementById('main');
const views = { '': table, new: newProfile, profile, import: importer, requests };
let shown = null;
let leaving = new AbortController();

function parse() {
  const [path, query] = location.hash.slice(1).split('?', 2);
  const [, name = '', ...rest] = path.split('/');
  return { name, argument: decodeURIComponent(rest.join('/')), parameters: new URLSearchParams(query ?? '') };
}

function drawHeader(name) {
  const link = (target, text) => element('a', { href: target, 'aria-current': target === `#/${name}` ? 'page' : undefined }, text);
  document.getElementById('header').replaceChildren(
    element('a', { class: 'skip', href: '#main', onclick: skip }, texts.skip),
    element('nav', { 'aria-label': texts.views }, link('#/', texts.title), !isProject() && link('#/requests', texts.requests)));
}

function skip(event) {
  event.preventDefault();
  main.focus();
}

async function show() {
  const { name, argument, parameters } = parse();
  const isSameView = shown?.name === name && shown.argument === argument;
  const isFirst = shown === null;
  leaving.abort();
  leaving = new AbortController();
  shown = { name, argument };
  warn();
  const { signal } = leaving;
  try {
    await loadProject();
    if (signal.aborted) return;
    drawHeader(name);
    drawProject(name, argument, show, signal);
    await (views[name] ?? table)(main, { argument, parameters, signal });
    if (!signal.aborted && !isSameView && !isFirst && document.activeElement === document.body) main.querySelector('h1')?.focus();
  } catch (error) {
    if (error.name === 'AbortError' || signal.aborted) return;
    main.replaceChildren(element('h1', { tabindex: '-1' }, texts.title));
    warn(error instanceof ApiError ? error.message : String(error));
  }
}

document.title = texts.title;
window.addEventListener('hashchange', show);
show();
