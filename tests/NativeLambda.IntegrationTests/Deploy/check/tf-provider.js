// Arguments, blocks and attributes of the AWS provider's resources: read from the TypeScript bindings that HashiCorp generated from the
// provider's own schema (npm package @cdktf/provider-aws), which quote each argument's name in its link to the documentation.
const fs = require('node:fs');
const path = require('node:path');
const { provider } = require('./modules.js');

// What the provider has got since that version (6.25.0), with the version.
const later = {
  aws_lambda_permission: { invoked_via_function_url: { type: 'bool', required: false, since: '6.29.0' } }, // pull request 44858
};

const cache = new Map();

/** { arguments: name → { type, required, block, nested }, attributes: names }, or null when there is no such type. */
function describe(type, isData) {
  const key = `${isData ? 'data-aws' : ''}${type}`;
  if (!cache.has(key)) cache.set(key, load(type, isData));
  return cache.get(key);
}

function load(type, isData) {
  const folder = path.join(provider, (isData ? 'data-' : '') + (isData ? type : type.replace(/^aws_/, '')).replaceAll('_', '-'));
  if (!fs.existsSync(folder)) return null;
  const declarations = fs.readFileSync(path.join(folder, 'index.d.ts'), 'utf8');
  const code = fs.readFileSync(path.join(folder, 'index.js'), 'utf8');
  const structures = new Map();
  for (const [, name, body] of declarations.matchAll(/export interface (\w+)(?: extends [\w.]+)? \{\n([\s\S]*?)\n\}/g)) structures.set(name, body);
  const main = [...structures.keys()].find((name) => name.endsWith('Config') && declarations.includes(`interface ${name} extends cdktf.TerraformMetaArguments`));
  const own = code.slice(code.search(/class \w+ extends cdktf\.Terraform(Resource|DataSource)/));
  const attributes = [...own.matchAll(/Attribute\('(\w+)'\)|\(this, "(\w+)"/g)].map((match) => match[1] ?? match[2]);
  return { arguments: { ...fields(main, structures), ...later[type] }, attributes: new Set([...attributes, 'id']) };
}

function fields(name, structures) {
  const found = {};
  for (const [, comment, property, optional, declared] of structures.get(name).matchAll(/\/\*\*([\s\S]*?)\*\/\s*readonly (\w+)(\??): ([^;]+(?:;\s*\})?)/g)) {
    const argument = /#(\w+) \w+#\1\}/.exec(comment)?.[1];
    if (!argument) throw new Error(`${name}.${property} tells no name`);
    const type = declared.replace(/\s*\|\s*cdktf\.IResolvable/g, '').trim();
    const structure = type.replace('[]', '');
    found[argument] = {
      type: simple(type),
      required: optional === '',
      block: new RegExp(`^\\s*\\*? *${argument} block`, 'm').test(comment),
      nested: structures.has(structure) ? fields(structure, structures) : null,
    };
  }
  return found;
}

function simple(type) {
  if (/^(string|number)$/.test(type)) return type;
  if (type === 'boolean') return 'bool';
  if (/^\{/.test(type)) return 'map';
  return type.endsWith('[]') ? 'list' : 'object';
}

module.exports = { describe };
