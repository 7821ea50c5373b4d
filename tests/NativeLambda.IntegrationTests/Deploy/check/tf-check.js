// Checks a Terraform module: format, names, references, and every argument against the provider's schema.
const fs = require('node:fs');
const path = require('node:path');
const { use } = require('./modules.js');
const { describe } = require('./tf-provider.js');
const { analyse } = require('./tf-expressions.js');
const { checkCycles } = require('./cfn-check.js');

const meta = ['count', 'for_each', 'depends_on', 'lifecycle', 'provider', 'dynamic'];
const lifecycle = ['create_before_destroy', 'prevent_destroy', 'ignore_changes', 'precondition', 'postcondition'];
const kinds = ['terraform', 'variable', 'locals', 'data', 'resource', 'output'];

/** What is wrong with the module, a line each. */
async function checkModule(folder) {
  const findings = new Set();
  const found = (place, what) => findings.add(`${place}: ${what}`);
  const module_ = await read(folder, found);
  if (findings.size) return [...findings];

  const used = new Set();
  const edges = new Map();
  for (const [name, part] of module_) {
    const to = new Set();
    // The type of a variable is written in words of its own.
    const { references, unknown } = await analyse(part.kind === 'variable' ? { ...part.body, type: null } : part.body);
    for (const called of unknown) found(name, `${called} is no function that this check knows`);
    for (const reference of references) {
      const other = resolve(reference, part, module_, name, found);
      if (other) to.add(other);
      if (other && other !== name) used.add(other);
    }
    for (const text of part.body.depends_on ?? []) {
      const other = text.replace(/^\$\{(.*)\}$/, '$1');
      if (module_.has(other)) to.add(other);
      else found(name, `depends_on names ${other}, which is nothing`);
    }
    if (part.kind === 'variable') { to.clear(); checkVariable(name, part.body, found); }
    if (part.kind === 'resource' || part.kind === 'data') checkArguments(name, part, found);
    if (part.kind === 'output' && part.body.description === undefined) found(name, 'has no description');
    edges.set(name, [...to]);
  }
  for (const [name, part] of module_)
    if (['variable', 'local', 'data'].includes(part.kind) && !used.has(name)) found(name, 'is not used');
  checkCycles(edges, found);
  return [...findings];
}

/** Every variable, local, data source, resource and output by the name that refers to it. */
async function read(folder, found) {
  const { parse } = use('@cdktf/hcl2json');
  const { format } = use('@cdktf/hcl-tools');
  const module_ = new Map();
  for (const file of fs.readdirSync(folder).filter((file) => file.endsWith('.tf'))) {
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    let content;
    try {
      content = await parse(file, text);
    } catch (error) {
      found(file, error.message);
      continue;
    }
    if (await format(text) !== text) found(file, 'is not formatted as terraform fmt does');
    const add = (name, kind, body, type) => {
      if (module_.has(name)) found(file, `${name} is there twice`);
      module_.set(name, { kind, body, type });
    };
    for (const [kind, blocks] of Object.entries(content)) {
      if (!kinds.includes(kind)) found(file, `${kind} is no block that this check knows`);
      if (kind === 'locals') for (const block of blocks) for (const [name, value] of Object.entries(block)) add(`local.${name}`, 'local', { value });
      if (kind === 'variable' || kind === 'output')
        for (const [name, all] of Object.entries(blocks)) for (const body of all) add(`${kind === 'variable' ? 'var' : kind}.${name}`, kind, body);
      if (kind === 'resource' || kind === 'data')
        for (const [type, named] of Object.entries(blocks))
          for (const [name, all] of Object.entries(named)) for (const body of all) add(`${kind === 'data' ? 'data.' : ''}${type}.${name}`, kind, body, type);
    }
  }
  return module_;
}

/** The name of what a reference means, or null after saying what is wrong with it. */
function resolve(reference, part, module_, place, found) {
  const [first, second, third, ...rest] = reference;
  const iterators = Object.keys(part.body.dynamic ?? {});
  if (first === 'path' && second === 'module') return null;
  if (first === 'each' && part.body.for_each !== undefined && ['key', 'value'].includes(second)) return null;
  if (iterators.includes(first) && ['key', 'value'].includes(second)) return null;
  const name = first === 'data' ? `data.${second}.${third}` : `${first}.${second}`;
  const other = module_.get(name);
  if (!other) {
    found(place, `refers to ${reference.join('.')}, which is nothing`);
    return null;
  }
  if (other.kind !== 'resource' && other.kind !== 'data') return name;
  const after = first === 'data' ? rest : [third, ...rest].filter((segment) => segment !== undefined);
  const isIndexed = /^[0-9]+$/.test(after[0]);
  if ((other.body.count !== undefined) !== isIndexed) found(place, `${name} has ${isIndexed ? 'no' : 'a'} count`);
  const attribute = isIndexed ? after[1] : after[0];
  const described = describe(other.type, other.kind === 'data');
  if (described && attribute && !described.attributes.has(attribute) && !described.arguments[attribute]) found(place, `${attribute} is no attribute of ${name}`);
  return name;
}

function checkVariable(name, body, found) {
  for (const key of Object.keys(body)) if (!['description', 'type', 'default', 'validation', 'sensitive', 'nullable'].includes(key)) found(name, `${key} is no argument of a variable`);
  if (!body.description || !body.type) found(name, 'has no description or no type');
  const type = /^\$\{(string|number|bool|list|map)/.exec(body.type)?.[1];
  const is = { string: (value) => typeof value === 'string', number: (value) => typeof value === 'number', bool: (value) => typeof value === 'boolean', list: Array.isArray, map: (value) => typeof value === 'object' };
  if (type && body.default !== undefined && body.default !== null && !is[type](body.default)) found(name, `its default is no ${type}`);
}

function checkArguments(name, part, found) {
  const described = describe(part.type, part.kind === 'data');
  if (!described) return found(name, `${part.type} is no type of the provider's`);
  for (const block of part.body.lifecycle ?? []) for (const key of Object.keys(block)) if (!lifecycle.includes(key)) found(name, `lifecycle has no ${key}`);
  const { dynamic = {}, ...body } = part.body;
  const given = Object.fromEntries(Object.entries(body).filter(([key]) => !meta.includes(key)));
  for (const [key, blocks] of Object.entries(dynamic)) given[key] = [...(given[key] ?? []), ...blocks.flatMap((block) => block.content)];
  checkBody(name, given, described.arguments, found);
}

function checkBody(place, given, specified, found) {
  for (const [key, argument] of Object.entries(specified)) if (argument.required && given[key] === undefined) found(place, `${key} is required`);
  for (const [key, value] of Object.entries(given)) {
    const argument = specified[key];
    if (!argument) found(place, `${key} is no argument of it`);
    else if (argument.block && !Array.isArray(value)) found(place, `${key} is a block`);
    else if (argument.nested && Array.isArray(value)) for (const body of value) checkBody(`${place}.${key}`, body, argument.nested, found);
    else if (!argument.nested && !fits(value, argument.type)) found(place, `${key} must be ${argument.type}, not ${JSON.stringify(value)}`);
  }
}

function fits(value, type) {
  if (value === null || (typeof value === 'string' && value.startsWith('${'))) return true;
  switch (type) {
    case 'string': return typeof value !== 'object';
    case 'number': return typeof value === 'number';
    case 'bool': return typeof value === 'boolean';
    case 'list': return Array.isArray(value);
    default: return typeof value === 'object' && !Array.isArray(value);
  }
}

module.exports = { checkModule };
