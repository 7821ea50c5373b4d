// Sums the counters of TRX result files; fails when anything failed, or when a suite ran nothing.
// node sum-trx.js FOLDER [--selection]     with --selection a suite may have run nothing, as long as another did
const fs = require('node:fs');
const path = require('node:path');
const [folder, option] = process.argv.slice(2);
let passed = 0, failed = 0, skipped = 0, idle = [];
for (const name of fs.readdirSync(folder).filter(n => n.endsWith('.trx'))) {
  const counters = /<Counters\s([^>]*)>/.exec(fs.readFileSync(path.join(folder, name), 'utf8'));
  if (!counters) throw new Error(`${name} has no counters`);
  const count = key => Number(new RegExp(`\\b${key}="(\\d+)"`).exec(counters[1])?.[1] ?? 0);
  const ran = count('passed') + count('failed') + count('error') + count('timeout') + count('aborted');
  if (ran === 0) idle.push(path.basename(name, '.trx'));
  passed += count('passed');
  failed += ran - count('passed');
  skipped += count('notExecuted');
}
const ranNothing = passed + failed === 0 || (idle.length > 0 && option !== '--selection');
if (ranNothing) console.log(`Ran nothing: ${idle.join(', ') || folder}`);
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || ranNothing ? 1 : 0);
