// Imports a CSV file with npm's mixpanel-import, changed in nothing but the host. Usage: node mixpanel-import.js <csv> <address>
'use strict';

const [path, address] = process.argv.slice(2);

// The package makes its pools of connections for the hosts of the service when it is loaded.
const undici = require('undici');
undici.Pool = class extends undici.Pool {
  constructor(host, options) {
    super(address, options);
  }
};
const importer = require('mixpanel-import');

// Of 4, 10 and 50 workers the first two are the fastest, and alike; batches may be no larger.
importer({ token: 'benchmark' }, path, { recordType: 'user', streamFormat: 'csv', fixData: true, workers: 10, recordsPerBatch: 2000 }).then(
  result => process.exit(result.failed > 0 ? 1 : 0),
  error => {
    console.error(error);
    process.exit(1);
  });
