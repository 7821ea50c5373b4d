// node main.js PATH…: checks CloudFormation templates (….yaml) and Terraform modules (folders), prints a line for each finding, and
// ends with 1 when there is one. --json prints an object of the paths with their findings instead, --resolved what the one template
// comes to with its defaults.
const path = require('node:path');

async function main(options, paths) {
  const { read } = require('./cfn-template.js');
  if (options.includes('--resolved')) {
    process.stdout.write(JSON.stringify(resolved(read(paths[0]).template)));
    return;
  }
  const all = {};
  for (const at of paths) all[at] = await check(at, read);
  if (options.includes('--json')) {
    process.stdout.write(JSON.stringify(all));
    return;
  }
  const lines = Object.entries(all).flatMap(([at, findings]) => findings.map((finding) => `${path.basename(at)}: ${finding}`));
  lines.forEach((line) => console.log(line));
  process.exitCode = lines.length ? 1 : 0;
}

async function check(at, read) {
  if (!at.endsWith('.yaml')) return require('./tf-check.js').checkModule(at);
  const { template, findings } = read(at);
  return template && findings.length === 0 ? require('./cfn-check.js').checkTemplate(template) : findings;
}

function resolved(template) {
  const { Resolver } = require('./cfn-resolve.js');
  const values = Object.fromEntries(Object.entries(template.Parameters).map(([name, parameter]) => [name, String(parameter.Default)]));
  const resolver = new Resolver(template, values);
  const resources = Object.entries(template.Resources).filter(([, resource]) => resolver.isThere(resource));
  return { Values: values, Resources: Object.fromEntries(resources.map(([name, resource]) => [name, resolver.resolve(resource)])) };
}

main(process.argv.slice(2).filter((word) => word.startsWith('--')), process.argv.slice(2).filter((word) => !word.startsWith('--')));
