// Validates the manifests of a file against the schemas of Kubernetes, and writes the last one as JSON. What the schemas do not know is an
// error too, as in kubectl --validate=strict: a validator reads every member that its schema has, and no other.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { validate as validateJob } from 'kubernetes-models/_schemas/IoK8sApiBatchV1Job';
import { validate as validateClaim } from 'kubernetes-models/_schemas/IoK8sApiCoreV1PersistentVolumeClaim';

const validators = { 'batch/v1 Job': validateJob, 'v1 PersistentVolumeClaim': validateClaim };
const read = new Set();

function watch(value, path) {
  return value === null || typeof value !== 'object' ? value : new Proxy(value, {
    get(target, key) {
      read.add(`${path}/${String(key)}`);
      return watch(target[key], `${path}/${String(key)}`);
    },
  });
}

function unknown(value, path) {
  return value === null || typeof value !== 'object' ? [] : Object.entries(value).flatMap(([key, member]) =>
    read.has(`${path}/${key}`) ? unknown(member, `${path}/${key}`) : [`${path}/${key} is unknown`]);
}

const errors = [];
let last;
for (const document of parseAllDocuments(readFileSync(process.argv[2], 'utf8'))) {
  errors.push(...document.errors.map(String));
  last = document.toJS();
  const kind = `${last.apiVersion} ${last.kind}`;
  const validate = validators[kind];
  if (!validate?.(watch(last, kind))) errors.push(`${kind}: ${JSON.stringify(validate?.errors ?? 'no schema')}`);
  errors.push(...unknown(last, kind));
}
if (errors.length > 0) {
  console.error(errors.join('\n'));
  process.exit(1);
}
console.log(JSON.stringify(last));
