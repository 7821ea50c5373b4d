// CloudFormation's resource types, properties and attributes, as Amazon's CDK is generated from them.
const fs = require('node:fs');
const zlib = require('node:zlib');
const { specification } = require('./modules.js');

const { schema } = JSON.parse(zlib.gunzipSync(fs.readFileSync(specification)));
const types = new Map(schema.typeDefinition.entities.map((type) => [type.$id, type]));
const metrics = new Set(schema.metric.entities.map((metric) => `${metric.namespace} ${metric.name}`));
const namespaces = new Set(schema.metric.entities.map((metric) => metric.namespace));

module.exports = {
  resources: new Map(schema.resource.entities.map((resource) => [resource.cloudFormationType, resource])),
  isMetric: (namespace, name) => !namespaces.has(namespace) || metrics.has(`${namespace} ${name}`),
  check,
};

/** Calls found(path, what) for each property that is not as the specification has it. What functions return is not known. */
function check(properties, specified, parameters, path, found) {
  for (const [name, property] of Object.entries(specified))
    if (property.required && properties[name] === undefined) found(path, `${name} is required`);
  for (const [name, value] of Object.entries(properties)) {
    if (!specified[name]) found(path, `${name} is no property of it`);
    else checkValue(value, specified[name].type, parameters, `${path}.${name}`, found);
  }
}

const isFunction = (value) => value !== null && typeof value === 'object' && !Array.isArray(value)
  && Object.keys(value).length === 1 && /^(Ref$|Fn::)/.test(Object.keys(value)[0]);

const literals = {
  string: (value) => ['string', 'number', 'boolean'].includes(typeof value),
  integer: (value) => /^-?[0-9]+$/.test(String(value)),
  number: (value) => value !== '' && Number.isFinite(Number(value)),
  boolean: (value) => /^(true|false)$/.test(String(value)),
};

function fits(parameter, type) {
  const isList = /^List<|^CommaDelimitedList$/.test(parameter.Type);
  if (type === 'array' || isList) return type === 'array' && isList;
  if (type === 'integer' || type === 'number') return parameter.Type === 'Number' || parameter.AllowedValues?.every(literals.number);
  return type !== 'boolean' || parameter.AllowedValues?.every(literals.boolean);
}

function checkValue(value, type, parameters, path, found) {
  if (isFunction(value)) {
    const parameter = parameters[value.Ref];
    if (parameter && !fits(parameter, type.type)) found(path, `must be ${type.type}, and the parameter ${value.Ref} is ${parameter.Type}`);
    return;
  }
  switch (type.type) {
    case 'ref':
      if (typeof value !== 'object' || Array.isArray(value)) found(path, 'must be an object');
      else check(value, types.get(type.reference.$ref).properties, parameters, path, found);
      break;
    case 'array':
      if (!Array.isArray(value)) found(path, 'must be a list');
      else value.forEach((item, index) => checkValue(item, type.element, parameters, `${path}[${index}]`, found));
      break;
    case 'map':
      if (typeof value !== 'object' || Array.isArray(value)) found(path, 'must be an object');
      else for (const [key, item] of Object.entries(value)) checkValue(item, type.element, parameters, `${path}.${key}`, found);
      break;
    case 'tag':
      if (value.Key === undefined || value.Value === undefined) found(path, 'must have Key and Value');
      break;
    default:
      if (literals[type.type] && (typeof value === 'object' || !literals[type.type](value))) found(path, `must be ${type.type}, not ${JSON.stringify(value)}`);
      else if (type.allowedValues && !type.allowedValues.map(String).includes(String(value))) found(path, `${JSON.stringify(value)} is none of ${type.allowedValues}`);
  }
}
