// Asks the server. When it is gone the page says so, and goes on when it is back.
import { button, say, warn } from './dom.js';
import { texts } from './texts.js';

const session = document.querySelector('meta[name=session]').content;
const sleep = milliseconds => new Promise(resolve => { setTimeout(resolve, milliseconds); });
let outage = null;

export class ApiError extends Error {
  constructor(status, body) {
    super(body?.error ?? String(status));
    this.status = status;
    this.position = body?.position;
    this.removed = body?.removed;
  }
}

async function send(path, { body, signal, project }) {
  const headers = { 'X-Profiles-Session': session };
  if (project) headers['X-Profiles-Project'] = encodeURIComponent(project);
  if (body !== undefined) headers['Content-Type'] = body instanceof Blob ? 'application/octet-stream' : 'application/json';
  return fetch(path, { method: body === undefined ? 'GET' : 'POST', headers, body, signal, cache: 'no-store' });
}

// Waits until the server answers, for all requests together.
function waitForServer() {
  outage ??= (async () => {
    warn(texts.noReply);
    for (;;) {
      await sleep(1000);
      try {
        await send('/page/icon.svg', {});
        break;
      } catch { /* It is still gone. */ }
    }
    warn();
    say(texts.isBack);
    outage = null;
  })();
  return outage;
}

function restarted() {
  const isEditing = document.querySelector('form.editor, dialog') !== null;
  if (!isEditing) location.reload();
  warn(texts.restarted, ' ', button(texts.reload, () => location.reload()));
}

// A path with the parameters that have a value.
export function address(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return `${path}?${new URLSearchParams(given)}`;
}

// Reads may be repeated; a change is not, because the page cannot know whether it arrived.
export async function request(path, options = {}) {
  let response;
  try {
    response = await send(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    const back = waitForServer();
    if (options.body !== undefined) throw new ApiError(0, { error: texts.noReply });
    await back;
    return request(path, options);
  }
  if (response.status === 403) restarted();
  const reply = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, reply);
  return reply;
}
