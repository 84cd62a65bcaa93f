// Deletes profiles after a question that states how many, with a backup to download first.
import { address, request } from './api.js';
import { ask, button, element, say, warn } from './dom.js';
import { confirmProject, isProject } from './project.js';
import { texts } from './texts.js';

// Returns whether any profile may be gone.
export async function removeProfiles(selection) {
  let prepared;
  try {
    prepared = await request('/app/removals', { body: JSON.stringify(selection) });
  } catch (error) {
    warn(error.message);
    return false;
  }
  if (prepared.count === 0) {
    say(texts.nothingToRemove);
    return true;
  }

  return await ask(texts.removing(prepared.count), close => {
    const go = button(texts.removeNow(prepared.count), run, { class: 'danger', disabled: true });
    const without = element('input', { type: 'checkbox', onchange: event => { go.disabled = !event.target.checked; } });
    const progress = element('p', { role: 'status' });

    async function run() {
      const project = await confirmProject();
      if (project === null) return;
      go.disabled = true;
      progress.textContent = texts.working;
      try {
        const { removed } = await request('/app/removals/run', { body: JSON.stringify({ key: prepared.key }), project });
        say(texts.removedProfiles(removed));
      } catch (error) {
        warn(error.removed > 0 ? texts.removedSome(error.removed, error.message) : error.message);
      }
      close(true);
    }

    return [
      element('p', {}, isProject() ? texts.removingRead : texts.removingNote),
      element('p', {}, element('a', {
        class: 'button', href: address('/app/removals/backup', { key: prepared.key }), download: 'profiles-backup.jsonl',
        onclick: () => { go.disabled = false; },
      }, texts.backup)),
      element('p', {}, element('label', {}, without, ' ', texts.withoutBackup)),
      progress,
      element('div', { class: 'bar' }, button(texts.cancel, () => close(false)), go),
    ];
  }) === true;
}
