// What an expression of Terraform's refers to, and which functions it calls, by HashiCorp's own parser.
const { use } = require('./modules.js');

const functions = ['contains', 'filebase64sha256', 'jsonencode', 'merge', 'split', 'startswith', 'templatefile', 'tostring', 'try'];
const cache = new Map();

/** { references: [['var', 'x'], …], unknown: [function names] } of a value as hcl2json gives it. */
async function analyse(value) {
  const result = { references: [], unknown: [] };
  for (const text of strings(value)) {
    if (!text.includes('${')) continue;
    if (!cache.has(text)) cache.set(text, await parse(text));
    const { references, unknown } = cache.get(text);
    result.references.push(...references);
    result.unknown.push(...unknown);
  }
  return result;
}

async function parse(text) {
  const { getExpressionAst } = use('@cdktf/hcl2json');
  const whole = /^\$\{([\s\S]*)\}$/.exec(text);
  let tree = whole && balanced(whole[1]) ? await getExpressionAst('expression.tf', whole[1]) : null;
  tree ??= await getExpressionAst('expression.tf', JSON.stringify(text).replace(/\\"/g, '"').replace(/\\\\/g, '\\'));
  const found = { references: [], unknown: [] };
  const visit = (node) => {
    if (node.type === 'scopeTraversal') found.references.push(node.meta.traversal.map((part) => part.segment));
    if (node.type === 'function' && !functions.includes(node.meta.name)) found.unknown.push(node.meta.name);
    node.children?.forEach(visit);
  };
  if (!tree) throw new Error(`no expression: ${text}`);
  visit(tree);
  return found;
}

/** Whether ${a}…${b} is not taken for one expression. */
function balanced(text) {
  let depth = 0;
  for (const character of text) {
    if (character === '{') depth++;
    if (character === '}' && --depth < 0) return false;
  }
  return depth === 0;
}

function* strings(value) {
  if (typeof value === 'string') yield value;
  else if (value !== null && typeof value === 'object') for (const item of Object.values(value)) yield* strings(item);
}

module.exports = { analyse };
