// Imports, exports and deletes profiles with npm's mixpanel-import as its readme shows it.
// An export is the file exported.json. Usage: ENGAGE_HOST=<host:port> node --require ./host.js import.js import|export|delete
'use strict';

const { writeFileSync } = require('fs');
const mixpanelImport = require('mixpanel-import');

const credentials = { token: 'token', acct: 'admin', pass: 'secret', project: '1' };
const settings = { logs: false, verbose: false, showProgress: false, workers: 1 };
const $distinct_id = 'operations';
const $token = credentials.token;

const tasks = {
  async import() {
    // Rows, of which it makes $set records, by each of its ways to send; then records, as they are.
    for (const transport of ['got', 'undici']) {
      const rows = Array.from({ length: 1200 }, (_, i) => ({ distinct_id: `${transport}-${i}`, name: `Zoë ${i}`, seats: i, tags: ['a'] }));
      await report(mixpanelImport(credentials, rows, { ...settings, recordType: 'user', fixData: true, transport }));
    }

    await report(mixpanelImport(credentials, [
      { $token, $distinct_id, $set: { plan: 'pro', visits: 1, pages: ['home'], gone: true } },
      { $token, $distinct_id, $set_once: { plan: 'free', first: '2026-01-31T12:00:00' } },
      { $token, $distinct_id, $add: { visits: 2.5 } },
      { $token, $distinct_id, $append: { pages: 'about' } },
      { $token, $distinct_id, $union: { pages: ['about', 'blog'] } },
      { $token, $distinct_id, $remove: { pages: 'home' } },
      { $token, $distinct_id, $unset: ['gone'] },
      { $token, $distinct_id: 'deleted', $set: { plan: 'pro' } },
      { $token, $distinct_id: 'deleted', $delete: 'null' },
    ], { ...settings, recordType: 'user' }));
    await report(mixpanelImport({ ...credentials, groupKey: 'company' }, [{ distinct_id: 'acme', seats: 5 }], { ...settings, recordType: 'group', fixData: true }));
  },

  async export() {
    const { dryRun } = await mixpanelImport(credentials, null, { ...settings, recordType: 'profile-export', skipWriteToDisk: true });
    writeFileSync('exported.json', JSON.stringify(dryRun));
  },

  async delete() {
    await mixpanelImport(credentials, null, { ...settings, recordType: 'profile-delete' });
  },
};

async function report(job) {
  const { failed, errors } = await job;
  console.log(`failed: ${failed} ${JSON.stringify(errors)}`);
}

// Its connections are kept open.
tasks[process.argv[2]]().then(() => process.exit(0), error => {
  console.error(error);
  process.exit(1);
});
