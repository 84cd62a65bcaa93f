// Preloaded before a client that has the host written into it: what it sends there goes to the host in ENGAGE_HOST instead,
// unchanged. Anything that it sends elsewhere fails.
const http = require('http');
const https = require('https');
const undici = require('undici');

const [hostname, port] = process.env.ENGAGE_HOST.split(':');

https.request = (url, options, callback) => {
  const target = new URL(url);
  if (!target.hostname.endsWith('mixpanel.com')) throw new Error(`Sent to ${target.hostname}`);
  return http.request({ ...options, path: target.pathname + target.search, protocol: 'http:', hostname, port, agent: undefined }, callback);
};

const { Pool } = undici;
undici.Pool = function (origin, options) {
  return new Pool(`http://${hostname}:${port}`, options);
};
