// Writes profiles with npm's mixpanel as its readme shows it. Its one setting is the host.
// Usage: node client.js <host:port>
'use strict';

const Mixpanel = require('mixpanel');

/** The methods of a part of the client, as promises: rejected with what the callback was given, if it was given an error. */
function promised(part) {
  return new Proxy(part, {
    get: (target, method) => (...args) => new Promise((resolve, reject) =>
      target[method](...args, error => error ? reject(error) : resolve())),
  });
}

async function write(client, id) {
  const people = promised(client.people);
  await people.set(id, 'plan', 'free');
  await people.set(id, { plan: 'pro', $email: 'zoë@example.com', name: 'Zoë 🎉', nested: { a: [1, { b: null }] }, yes: true, none: null, tags: ['a'] });
  await people.set_once(id, 'second', 2);
  await people.set_once(id, { plan: 'never', first: '2026-01-02T03:04:05' });
  await people.increment(id, 'visits');
  await people.increment(id, 'visits', 5);
  await people.increment(id, 'visits', -2);
  await people.increment(id, { visits: 10, credits: 2.5 });
  await people.append(id, 'pages', 'home');
  await people.append(id, { pages: 'about', tags: 'b' });
  await people.union(id, { tags: ['b', 'c'], roles: 'admin' });
  await people.remove(id, { pages: 'home' });
  await people.unset(id, 'none');
  await people.unset(id, ['first', 'never there']);
  await people.track_charge(id, 29.99);
  await people.track_charge(id, 19, { $time: new Date('2026-02-01T00:00:00Z'), sku: 'x' });

  // The server knows <id>-alias as an alias: what is written to it goes to the original, what ignores it does not.
  await people.set(`${id}-alias`, 'through', 'alias');
  await people.delete_user(`${id}-alias`, { $ignore_alias: true });

  await people.track_charge(`${id}-cleared`, 1);
  await people.clear_charges(`${id}-cleared`);
  await people.set(`${id}-quiet`, { v: 1 }, { $ignore_time: true });
  await people.set(`${id}-gone`, 'v', 1);
  await people.delete_user(`${id}-gone`);

  const { send_request } = promised(client);
  const update = (suffix, v) => ({ $token: client.token, $distinct_id: `${id}-${suffix}`, $set: { v } });
  await send_request({ method: 'POST', endpoint: '/engage', data: [update('posted-1', 1), update('posted-2', 2)] });

  const groups = promised(client.groups);
  await groups.set('company', id, { industry: 'widgets', sites: ['EU'], old: 1 });
  await groups.set_once('company', id, 'industry', 'never');
  await groups.union('company', id, { sites: ['EU', 'US', 'IN'] });
  await groups.remove('company', id, { sites: 'US' });
  await groups.unset('company', id, 'old');
  await groups.set('company', `${id}-gone`, 'v', 1);
  await groups.delete_group('company', `${id}-gone`);

  // An update without an id is wrong, and the client must hear of it.
  await people.set('', 'v', 1).then(() => { throw new Error('The service accepted an update without an id.'); }, error => console.log(error.message));
}

(async () => {
  const [host] = process.argv.slice(2);
  await write(Mixpanel.init('token', { host, protocol: 'http' }), 'terse');
  await write(Mixpanel.init('token', { host, protocol: 'http', verbose: true }), 'verbose');
})();
