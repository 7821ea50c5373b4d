// Sums the counters of TRX result files; fails when nothing ran or anything failed.
const fs = require('node:fs');
const path = require('node:path');
const folder = process.argv[2];
let passed = 0, failed = 0, skipped = 0;
for (const name of fs.readdirSync(folder).filter(n => n.endsWith('.trx'))) {
  const counters = /<Counters\s([^>]*)>/.exec(fs.readFileSync(path.join(folder, name), 'utf8'));
  if (!counters) throw new Error(`${name} has no counters`);
  const count = key => Number(new RegExp(`\\b${key}="(\\d+)"`).exec(counters[1])?.[1] ?? 0);
  passed += count('passed');
  failed += count('failed') + count('error') + count('timeout') + count('aborted');
  skipped += count('notExecuted');
}
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || passed + failed === 0 ? 1 : 0);
