// Imports a CSV file in four steps: the file, its columns, what would change, the import.
import { address, request } from './api.js';
import { button, element, field, table } from './dom.js';
import { columnsStep } from './columns.js';
import { confirmProject } from './project.js';
import { texts } from './texts.js';

const partSize = 1 << 20;
const storageKey = 'profiles.import';
const steps = ['file', 'columns', 'check', 'run'];
const post = (path, body, project) => request(`/app/imports${path}`, { body: JSON.stringify(body), project });

export async function importer(main, { signal }) {
  const bar = element('ol', { class: 'steps', 'aria-label': texts.importSteps });
  const stage = element('section', { 'aria-labelledby': 'step' });
  let key = null;
  main.replaceChildren(element('p', {}, element('a', { href: '#/' }, texts.back)),
    element('h1', { tabindex: '-1' }, texts.importTitle), bar, stage);

  // Shows a step, and reads its heading out.
  function show(step, heading, ...content) {
    bar.replaceChildren(...steps.map(name =>
      element('li', { 'aria-current': name === step ? 'step' : undefined }, texts.importStep[name])));
    stage.replaceChildren(element('h2', { id: 'step', tabindex: '-1' }, heading), ...content.flat(Infinity));
    stage.firstChild.focus();
  }

  function chooseFile() {
    const input = element('input', { type: 'file', accept: '.csv,.tsv,.txt,.gz,.zst,text/csv', onchange: () => take(input.files[0]) });
    const choice = field(texts.importFile, input, texts.importFileHint);
    const progress = element('progress', { max: 1, value: 0, hidden: true, 'aria-label': texts.importSending });
    const drop = element('div', { class: 'drop card' }, choice.box, progress);
    for (const type of ['dragover', 'dragleave', 'drop']) {
      drop.addEventListener(type, event => {
        event.preventDefault();
        drop.classList.toggle('over', type === 'dragover');
        if (type === 'drop' && event.dataTransfer.files.length > 0) take(event.dataTransfer.files[0]);
      });
    }
    sessionStorage.removeItem(storageKey);
    show('file', texts.importStep.file, element('p', {}, texts.importIntro), drop);

    async function take(chosen) {
      if (!chosen || input.disabled) return;
      choice.fail();
      input.disabled = true;
      progress.hidden = false;
      try {
        const { key: file } = await post('', { name: chosen.name, length: chosen.size });
        for (let offset = 0; offset < chosen.size; offset += partSize) {
          const body = chosen.slice(offset, offset + partSize);
          await request(address('/app/imports/part', { key: file, offset: String(offset) }), { body });
          progress.value = offset / chosen.size;
        }
        key = file;
        await columns(await post('/look', { key }), chosen.name);
      } catch (error) {
        choice.fail(error.message);
        input.disabled = false;
        progress.hidden = true;
      }
    }
  }

  // Asks how far the work is until it has ended. Another question about the same file ends this one.
  let asking = 0;
  async function follow(begin, draw) {
    const [mine, file] = [++asking, key];
    let state = await begin();
    while (!signal.aborted && mine === asking) {
      draw(state);
      if (!state.isRunning) return state;
      await new Promise(resolve => { setTimeout(resolve, 150); });
      state = await request(address('/app/imports/state', { key: file }));
    }
    return null;
  }

  async function columns(reply, name) {
    const step = columnsStep(reply, {
      look: settings => post('/look', { key, settings }),
      check: draw => follow(() => post('/check', { key }), draw),
      back: chooseFile,
      next: check,
    });
    show('columns', texts.importColumnsOf(name), step.content);
    back = () => show('columns', texts.importColumnsOf(name), step.content);
    await step.begin();
  }

  let back = chooseFile;

  function check({ account, comparison, findings }) {
    const errors = findings.filter(finding => finding.isError);
    const counts = [...['new', 'changed', 'unchanged'].map(name => [name, comparison[name]]), ['rejected', account.rejected]];
    const properties = Object.entries(comparison.properties);
    const sample = ({ id, outcome, changes }) => element('div', { class: 'card' },
      element('h4', {}, element('code', {}, id), ` · ${texts.importOutcome[outcome]}`),
      table(texts.importChangesOf(id), [texts.property, texts.importBefore, texts.importAfter], changes.slice(0, 20).map(change =>
        [change.property, change.before ?? element('span', { class: 'hint' }, texts.importNothing), change.after])));
    show('check', texts.importStep.check,
      element('dl', { class: 'counts' }, counts.map(([name, count]) => element('div', { class: name },
        element('dt', {}, texts.importCount[name]), element('dd', {}, texts.number(count))))),
      element('p', { class: 'hint' }, texts.importTimeNote),
      errors.length === 0 ? '' : [element('h3', {}, texts.importRejected),
        element('ul', {}, errors.map(finding => element('li', {}, texts.finding(finding))))],
      properties.length === 0 ? '' : [element('h3', {}, texts.importProperties), table(texts.importProperties,
        [texts.property, texts.importAdded, texts.importOverwritten],
        properties.map(([name, count]) => [name, texts.number(count.added), texts.number(count.overwritten)]))],
      comparison.samples.length === 0 ? '' : [element('h3', {}, texts.importSamples),
        element('div', { class: 'samples' }, comparison.samples.map(sample))],
      element('div', { class: 'bar' }, button(texts.stepBack, () => back()),
        button(texts.importRun(account.accepted), run, { class: 'primary', disabled: account.accepted === 0 })));
  }

  async function run() {
    const project = await confirmProject();
    if (project !== null) await watch(() => post('/run', { key }, project));
  }

  // The import goes on without the page, which finds it again when it is opened again.
  async function watch(begin) {
    sessionStorage.setItem(storageKey, key);
    const progress = element('progress', { max: 1, value: 0, 'aria-label': texts.importRunning });
    const counts = element('p', { role: 'status' });
    const problem = element('p', { class: 'error', role: 'alert' });
    const stop = button(texts.importStop, async () => {
      stop.disabled = true;
      await post('/stop', { key }).catch(error => { problem.textContent = error.message; });
    }, { class: 'danger' });
    const note = element('p', { class: 'hint' }, texts.importGoesOn);
    show('run', texts.importRunning, progress, counts, note, problem, element('div', { class: 'bar' }, stop));
    try {
      const state = await follow(begin, ({ fraction, account }) => {
        progress.value = fraction;
        counts.textContent = texts.importProgress(account);
      });
      if (state) finish(state);
    } catch (error) {
      if (error.status === 400) sessionStorage.removeItem(storageKey);
      problem.textContent = error.message;
      stop.replaceWith(button(texts.stepBack, () => back()));
    }
  }

  function finish({ account, messages, isStopped, isIncomplete, commandLine }) {
    const mine = key;
    signal.addEventListener('abort', () => { if (sessionStorage.getItem(storageKey) === mine) sessionStorage.removeItem(storageKey); });
    const rejected = account.rejected + account.unsent;
    const download = (name, text) => element('a', { class: 'button', href: address(`/app/imports/${name}`, { key }), download: '' }, text);
    const counts = ['read', 'accepted', 'rejected', 'skipped', 'unsent'].filter(name => name !== 'skipped' || account.skipped > 0);
    show('run', isStopped ? texts.importStopped : isIncomplete ? texts.importIncomplete : texts.importDone,
      element('dl', { class: 'counts' }, counts.map(name => element('div', { class: name },
        element('dt', {}, texts.importCount[name]), element('dd', {}, texts.number(account[name]))))),
      messages.length === 0 ? '' : element('ul', { class: 'messages' }, messages.map(({ message, remedy }) =>
        element('li', {}, message, ' ', remedy))),
      rejected === 0 ? '' : [element('h3', {}, texts.importRest), element('p', {}, texts.importRestNote),
        download('rejects', texts.importRestLink(rejected))],
      element('h3', {}, texts.importAgain), element('p', {}, texts.importAgainNote),
      element('pre', { tabindex: '0', 'aria-label': texts.importCommand }, commandLine),
      element('div', { class: 'bar' }, download('mapping', texts.importMapping),
        element('a', { class: 'button', href: '#/' }, texts.importShow), button(texts.importOther, chooseFile)));
  }

  key = sessionStorage.getItem(storageKey);
  const state = key && await request(address('/app/imports/state', { key })).catch(() => null);
  if (state?.isImport) watch(() => state);
  else chooseFile();
}
