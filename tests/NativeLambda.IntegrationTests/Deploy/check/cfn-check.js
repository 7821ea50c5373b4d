// Checks a CloudFormation template: every reference, every property, in every combination of what its conditions ask for.
const { resources: specified, isMetric, check } = require('./cfn-specification.js');
const { combinations, Resolver } = require('./cfn-resolve.js');

const pseudo = ['AWS::AccountId', 'AWS::NoValue', 'AWS::Partition', 'AWS::Region', 'AWS::StackName', 'AWS::StackId', 'AWS::URLSuffix'];
const sections = ['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Conditions', 'Resources', 'Outputs'];
const resourceKeys = ['Type', 'Properties', 'Condition', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy'];
const parameterKeys = ['Type', 'Default', 'AllowedValues', 'AllowedPattern', 'MinValue', 'MaxValue', 'Description', 'NoEcho'];
const parameterTypes = ['String', 'Number', 'CommaDelimitedList', 'AWS::EC2::VPC::Id', 'List<AWS::EC2::Subnet::Id>'];

/** What is wrong with the template, a line each. */
function checkTemplate(template) {
  const findings = new Set();
  const found = (path, what) => findings.add(`${path}: ${what}`);
  let isSound = true;
  const broken = (path, what) => { found(path, what); isSound = false; };
  const parameters = template.Parameters ?? {};
  const conditions = template.Conditions ?? {};
  for (const key of Object.keys(template)) if (!sections.includes(key)) found(key, 'is no section of a template');
  for (const [name, parameter] of Object.entries(parameters)) checkParameter(name, parameter, found);
  checkInterface(template, parameters, found);

  const used = new Set();
  walk({ ...template, Metadata: null, Parameters: null }, (node) => {
    if (typeof node.Ref === 'string') used.add(node.Ref);
    if (node['Fn::Sub']) for (const name of [].concat(node['Fn::Sub'])[0].matchAll(/\$\{([A-Za-z0-9]+)/g)) used.add(name[1]);
    if (typeof node.Condition === 'string') used.add(node.Condition);
    if (Array.isArray(node['Fn::If'])) used.add(node['Fn::If'][0]);
    for (const condition of [node.Condition, node['Fn::If']?.[0]])
      if (typeof condition === 'string' && !conditions[condition]) broken(condition, 'is no condition');
  });
  for (const [name, resource] of Object.entries(template.Resources)) {
    if (!specified.has(resource.Type)) broken(name, `${resource.Type} is no resource type`);
    for (const key of Object.keys(resource)) if (!resourceKeys.includes(key)) found(name, `${key} is no attribute of a resource`);
  }
  if (!isSound) return [...findings];
  for (const name of [...Object.keys(parameters), ...Object.keys(conditions)]) if (!used.has(name)) found(name, 'is not used');

  const parts = Object.entries(template.Resources).map(([name, resource]) => new Part(name, resource));
  for (const [name, output] of Object.entries(template.Outputs ?? {}))
    parts.push(new Part(`Outputs.${name}`, { Condition: output.Condition, Properties: { Value: output.Value } }));
  const missed = new Set(); // a mistake is told once, not for each combination
  for (const values of combinations(template)) {
    const resolver = new Resolver(template, values);
    const edges = new Map();
    for (const part of parts.filter((part) => resolver.isThere(part.resource))) {
      const to = part.check(resolver, parameters, found);
      for (const other of to)
        if (!resolver.isThere(template.Resources[other]) && missed.size < missed.add(`${part.name} ${other}`).size)
          found(part.name, `refers to ${other}, which is not there when ${resolver}`);
      edges.set(part.name, to);
    }
    checkCycles(edges, found);
  }
  return [...findings];
}

/** A resource or an output. It is checked once for each outcome of the conditions that it asks for. */
class Part {
  #checked = new Map();

  constructor(name, resource) {
    this.name = name;
    this.resource = resource;
    this.conditions = [];
    walk(resource, (node) => { if (node['Fn::If']) this.conditions.push(node['Fn::If'][0]); });
  }

  /** The resources that it refers to. */
  check(resolver, parameters, found) {
    const outcome = this.conditions.map((condition) => resolver.isTrue(condition)).join();
    if (!this.#checked.has(outcome)) this.#checked.set(outcome, this.#check(resolver, parameters, found));
    return this.#checked.get(outcome);
  }

  #check(resolver, parameters, found) {
    const { name, resource: { Type, Properties = {}, DependsOn = [] } } = this;
    const { Resources } = resolver.template;
    const properties = resolver.resolve(Properties);
    if (Type) check(properties, specified.get(Type).properties, parameters, name, found);
    checkPolicies(properties, name, found);
    checkMetrics(properties, name, found);
    const after = [].concat(DependsOn);
    for (const other of after) if (!Resources[other]) found(name, `DependsOn names ${other}, which is no resource`);
    return [...references(properties, name, Resources, parameters, found), ...after].filter((other) => Resources[other]);
  }
}

function checkParameter(name, parameter, found) {
  for (const key of Object.keys(parameter)) if (!parameterKeys.includes(key)) found(name, `${key} is no attribute of a parameter`);
  if (!parameterTypes.includes(parameter.Type)) found(name, `${parameter.Type} is no type of a parameter that this check knows`);
  for (const allowed of parameter.AllowedValues ?? [])
    if ((typeof allowed === 'number') !== (parameter.Type === 'Number') || typeof allowed === 'boolean') found(name, `${allowed}, which it allows, must be in quotes`);
  const value = parameter.Default;
  if (value === undefined) return;
  if (parameter.AllowedValues && !parameter.AllowedValues.includes(value)) found(name, 'its default is none of the allowed values');
  if (parameter.AllowedPattern && !new RegExp(`^(?:${parameter.AllowedPattern})$`).test(String(value))) found(name, 'its default does not match the allowed pattern');
  if (parameter.Type === 'Number' && !(Number(value) >= (parameter.MinValue ?? -Infinity) && Number(value) <= (parameter.MaxValue ?? Infinity))) found(name, 'its default is out of range');
  if (parameter.Type === 'String' && typeof value !== 'string') found(name, `its default ${value} must be in quotes`);
}

function checkInterface(template, parameters, found) {
  const listed = (template.Metadata?.['AWS::CloudFormation::Interface']?.ParameterGroups ?? []).flatMap((group) => group.Parameters);
  for (const name of listed) if (!parameters[name]) found(name, 'stands in the interface and is no parameter');
  for (const name of Object.keys(parameters)) if (listed.filter((other) => other === name).length !== 1) found(name, 'must stand in the interface once');
}

/** Calls found for each reference to what is not there, and returns the resources that are referred to. */
function references(value, name, resources, parameters, found) {
  const to = [];
  const resource = (other, attribute) => {
    const there = resources[other];
    if (!there) return found(name, `refers to ${other}, which is nothing`);
    to.push(other);
    if (attribute && !specified.get(there.Type).attributes[attribute]) found(name, `${attribute} is no attribute of ${other}`);
  };
  const any = (other) => { if (!parameters[other] && !pseudo.includes(other)) resource(other); };
  walk(value, (node) => {
    if (typeof node.Ref === 'string') any(node.Ref);
    if (node['Fn::GetAtt']) resource(...node['Fn::GetAtt']);
    if (!node['Fn::Sub']) return;
    const [text, variables = {}] = [].concat(node['Fn::Sub']);
    const inText = [...text.matchAll(/\$\{([^!][^}]*)\}/g)].map((match) => match[1]);
    for (const other of Object.keys(variables)) if (!inText.includes(other)) found(name, `Sub does not use ${other}`);
    for (const other of inText.filter((other) => !(other in variables))) {
      const dot = other.indexOf('.');
      if (dot < 0) any(other);
      else resource(other.slice(0, dot), other.slice(dot + 1));
    }
  });
  return to;
}

function checkPolicies(properties, name, found) {
  walk(properties, (node) => {
    if (!node.Statement) return;
    if (node.Version !== '2012-10-17') found(name, 'a policy has the version 2012-10-17');
    for (const statement of node.Statement) {
      if (!['Allow', 'Deny'].includes(statement.Effect)) found(name, `a statement allows or denies, not ${statement.Effect}`);
      for (const action of [].concat(statement.Action ?? '')) if (!/^[a-z-]+[0-9]?:[A-Za-z]+$/.test(action)) found(name, `${action} is no action`);
      if (!statement.Resource && !statement.Principal) found(name, 'a statement names a resource or a principal');
    }
  });
}

function checkMetrics(properties, name, found) {
  walk(properties, (node) => {
    if (node.Namespace && node.MetricName && !isMetric(node.Namespace, node.MetricName)) found(name, `${node.MetricName} is no metric of ${node.Namespace}`);
  });
}

function checkCycles(edges, found) {
  const state = new Map();
  const visit = (name, path) => {
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') return found(name, `depends on itself: ${[...path, name].join(' → ')}`);
    state.set(name, 'open');
    for (const other of edges.get(name) ?? []) visit(other, [...path, name]);
    state.set(name, 'done');
  };
  for (const name of edges.keys()) visit(name, []);
}

function walk(node, visit) {
  if (node === null || typeof node !== 'object') return;
  if (!Array.isArray(node)) visit(node);
  for (const value of Object.values(node)) walk(value, visit);
}

module.exports = { checkTemplate, checkCycles };
