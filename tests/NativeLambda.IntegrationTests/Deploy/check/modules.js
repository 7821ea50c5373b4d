// The npm packages that build/check-infrastructure installs, wherever they are.
const path = require('node:path');
const { createRequire } = require('node:module');

const folder = process.env.NATIVELAMBDA_INFRASTRUCTURE;
if (!folder) throw new Error('NATIVELAMBDA_INFRASTRUCTURE names no folder: run build/check-infrastructure');

module.exports = {
  use: createRequire(path.join(folder, 'package.json')),
  specification: path.join(folder, 'node_modules', '@aws-cdk', 'aws-service-spec', 'db.json.gz'),
  provider: path.join(folder, 'provider'),
};
