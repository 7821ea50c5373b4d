// Reads a CloudFormation template: the short forms (!Ref, !Sub, …) become what they stand for.
const fs = require('node:fs');
const { use } = require('./modules.js');

const shortForms = ['Ref', 'Condition', 'Sub', 'If', 'Equals', 'And', 'Or', 'Not', 'Select', 'Split', 'Join', 'GetAtt'];

/** The template as plain objects, or null, and what is wrong with its text. */
function read(file) {
  const { parseDocument, visit } = use('yaml');
  const text = fs.readFileSync(file, 'utf8');
  const findings = [];
  const document = parseDocument(text, { version: '1.1', merge: false, logLevel: 'silent' });
  for (const problem of [...document.errors, ...document.warnings])
    if (problem.code !== 'TAG_RESOLVE_FAILED') findings.push(problem.message.split('\n')[0]);
  if (Buffer.byteLength(text) > 51200) findings.push(`${Buffer.byteLength(text)} bytes: over 51200 take a bucket`);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html: no aliases, no merges.
  visit(document, {
    Alias: (_, node) => { findings.push(`*${node.source}: CloudFormation knows no aliases`); },
    Pair: (_, pair) => { if (pair.key?.source === '<<') findings.push('<<: CloudFormation knows no merges'); },
  });
  return { template: findings.length ? null : plain(document.contents, findings), findings };
}

function plain(node, findings) {
  const value = untagged(node, findings);
  if (!node?.tag?.startsWith('!')) return value;
  const name = node.tag.slice(1);
  if (!shortForms.includes(name)) findings.push(`${node.tag} is no function that this check knows`);
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name === 'GetAtt') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: value };
}

function untagged(node, findings) {
  const { isMap, isSeq } = use('yaml');
  if (isMap(node)) return Object.fromEntries(node.items.map((pair) => [String(pair.key.value), plain(pair.value, findings)]));
  return isSeq(node) ? node.items.map((item) => plain(item, findings)) : node?.value ?? null;
}

module.exports = { read };
