// The last thousand requests to the service, and the faults that it plays.
import { address, request } from './api.js';
import { button, element, field, say, table, time, warn } from './dom.js';
import { texts } from './texts.js';

const kinds = ['Status', 'StatusZero', 'ResetBefore', 'ResetAfter', 'Delay', 'TruncatedReply', 'HtmlReply'];
const most = 1000;

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export async function requests(main, { signal }) {
  const body = element('tbody');
  const count = element('p', { class: 'range' });
  const faults = element('section', { class: 'card', 'aria-label': texts.faults });
  const columns = [texts.time, texts.requestLine, texts.statusCode, texts.duration, texts.fault];
  const pause = element('input', { type: 'checkbox' });
  let last = 0;
  main.replaceChildren(element('h1', { tabindex: '-1' }, texts.requests), element('p', {}, texts.requestsIntro), faults,
    element('div', { class: 'bar' }, element('label', {}, pause, ' ', texts.pause), button(texts.clear, clear), count),
    table(texts.requests, columns, body));

  function row(item) {
    const details = element('div');
    const toggle = button(`${item.method} ${item.address}`, show, { class: 'plain', 'aria-expanded': 'false' });
    const line = element('tr', {}, element('td', {}, time(item.at)), element('td', { class: 'request' }, toggle, details),
      element('td', { class: 'number' }, item.status === undefined ? texts.cut : String(item.status)),
      element('td', { class: 'number' }, texts.milliseconds(item.milliseconds)), element('td', {}, item.fault ?? ''));

    async function show() {
      const isOpen = toggle.getAttribute('aria-expanded') === 'true';
      toggle.setAttribute('aria-expanded', String(!isOpen));
      details.replaceChildren();
      if (isOpen) return;
      try {
        const bodies = await request(address('/app/request', { number: item.number }));
        details.replaceChildren(...[[texts.body, bodies.body], [texts.reply, bodies.reply]].map(([label, part]) => element('div', {},
          element('h3', {}, label, ' ', element('span', { class: 'hint' }, (part.isCut ? texts.cutAt : texts.bytes)(part.length))),
          part.length === 0 ? '' : element('pre', { tabindex: '0', 'aria-label': label }, part.isCut ? part.text : pretty(part.text)))));
      } catch (error) {
        details.replaceChildren(element('p', { class: 'error' }, error.message));
      }
    }
    return line;
  }

  async function load() {
    const reply = await request(address('/app/requests', { after: last }));
    for (const item of reply.requests) {
      last = item.number;
      body.prepend(row(item));
    }
    while (body.rows.length > most) body.lastElementChild.remove();
    count.textContent = texts.requestCount(body.rows.length);
  }

  async function follow() {
    while (!signal.aborted) {
      await new Promise(resolve => { setTimeout(resolve, 1000); });
      if (!signal.aborted && !pause.checked && !document.hidden) await load().catch(error => warn(error.message));
    }
  }

  async function clear() {
    await request('/app/requests/clear', { body: '{}' });
    body.replaceChildren();
    count.textContent = texts.requestCount(0);
    say(texts.requestCount(0));
  }

  function drawFaults(list) {
    const change = async next => {
      try {
        drawFaults((await request('/app/faults', { body: JSON.stringify({ faults: next }) })).faults);
        say(texts.faultsChanged);
      } catch (error) {
        problem.textContent = error.message;
      }
    };
    const problem = element('p', { class: 'error', role: 'alert' });
    const input = (type, value, properties = {}) => element('input', { type, value, ...properties });
    const select = options => element('select', {}, options.map(option => element('option', {}, option)));
    const kind = field(texts.kind, select(kinds));
    const endpoint = field(texts.endpoint, select(['Ingestion', 'Query']));
    const every = field(texts.every, input('number', '1', { min: '1' }));
    const status = field(texts.statusCode, input('number', '503', { min: '300', max: '599' }));
    const delay = field(texts.delay, input('number', '0', { min: '0', step: 'any' }));
    const retry = field(texts.retryAfter, input('number', '', { min: '0', step: 'any' }));
    const add = event => {
      event.preventDefault();
      const [n, code, seconds, wait] = [every, status, delay, retry].map(({ input: { value } }) => value === '' ? null : Number(value));
      const fault = { isOn: true, kind: kind.input.value, endpoint: endpoint.input.value };
      change([...list, { ...fault, every: n ?? 0, status: code ?? 503, delay: seconds ?? 0, retryAfter: wait }]);
    };
    const line = (fault, index) => {
      const text = texts.describeFault(fault);
      const turn = event => change(list.map((item, at) => at === index ? { ...item, isOn: event.target.checked } : item));
      return element('li', { class: 'bar' },
        element('label', {}, element('input', { type: 'checkbox', checked: fault.isOn, onchange: turn }), ' ', text),
        button(texts.remove, () => change(list.filter((_, at) => at !== index)), { 'aria-label': texts.removeFault(text) }));
    };
    faults.replaceChildren(element('h2', {}, texts.faults),
      list.length === 0 ? element('p', { class: 'hint' }, texts.noFaults) : element('ul', { class: 'plain' }, list.map(line)),
      element('details', {}, element('summary', {}, texts.addFault), element('form', { class: 'filters', onsubmit: add },
        kind.box, endpoint.box, every.box, status.box, delay.box, retry.box, element('button', {}, texts.addFault))), problem);
  }

  drawFaults((await request('/app/faults')).faults);
  await load();
  follow();
}
