// What a CloudFormation template comes to for given parameters: conditions decided, Fn::If taken, AWS::NoValue gone.

/** Every combination of the values that the template's conditions tell apart, and that its rules allow. */
function combinations(template) {
  const compared = new Map();
  const look = (node) => {
    if (node === null || typeof node !== 'object') return;
    const equal = node['Fn::Equals'];
    if (equal) {
      const name = equal.find((side) => side?.Ref)?.Ref;
      const literal = String(equal.find((side) => !side?.Ref));
      if (name) compared.set(name, (compared.get(name) ?? new Set()).add(literal));
    }
    Object.values(node).forEach(look);
  };
  look(template.Conditions);
  look(template.Rules);
  let all = [{}];
  for (const [name, literals] of compared) {
    const allowed = template.Parameters[name]?.AllowedValues;
    const values = allowed ? allowed.map(String) : [...literals, 'some other value'];
    all = all.flatMap((values_) => values.map((value) => ({ ...values_, [name]: value })));
  }
  return all.filter((values) => new Resolver(template, values).areRulesKept());
}

class Resolver {
  #decided = new Map();

  constructor(template, values) {
    this.template = template;
    this.values = values;
  }

  isThere(resource) {
    return !resource.Condition || this.isTrue(resource.Condition);
  }

  isTrue(condition) {
    if (!this.#decided.has(condition)) this.#decided.set(condition, this.#decide(this.template.Conditions[condition]));
    return this.#decided.get(condition);
  }

  areRulesKept() {
    return Object.values(this.template.Rules ?? {}).every((rule) =>
      (rule.RuleCondition && !this.#decide(rule.RuleCondition)) || rule.Assertions.every((assertion) => this.#decide(assertion.Assert)));
  }

  #decide(node) {
    const [[name, sides]] = Object.entries(node);
    switch (name) {
      case 'Condition': return this.isTrue(sides);
      case 'Fn::And': return sides.every((side) => this.#decide(side));
      case 'Fn::Or': return sides.some((side) => this.#decide(side));
      case 'Fn::Not': return !this.#decide(sides[0]);
      case 'Fn::Equals': return this.#value(sides[0]) === this.#value(sides[1]);
      default: throw new Error(`${name} decides nothing`);
    }
  }

  #value(side) {
    return side?.Ref ? this.values[side.Ref] : String(side);
  }

  /** The same without Fn::If and AWS::NoValue. */
  resolve(node) {
    const resolved = this.#resolve(node);
    return resolved === undefined ? null : resolved;
  }

  #resolve(node) {
    if (node === null || typeof node !== 'object') return node;
    if (node.Ref === 'AWS::NoValue') return undefined;
    if (node['Fn::If']) {
      const [condition, then, otherwise] = node['Fn::If'];
      return this.#resolve(this.isTrue(condition) ? then : otherwise);
    }
    if (Array.isArray(node)) return node.map((item) => this.#resolve(item)).filter((item) => item !== undefined);
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, this.#resolve(value)]).filter(([, value]) => value !== undefined));
  }

  toString() {
    return Object.entries(this.values).map(([name, value]) => `${name}=${value}`).join(', ');
  }
}

module.exports = { combinations, Resolver };
