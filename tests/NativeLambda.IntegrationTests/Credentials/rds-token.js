'use strict'
// The token of RDS IAM authentication, by another implementation than ours: node rds-token.js host port user region
const crypto = require('node:crypto')
const [host, port, user, region, stamp] = process.argv.slice(2)
const { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: session } = process.env
const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest()
const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex')
const scope = [stamp.slice(0, 8), region, 'rds-db', 'aws4_request']
const query = Object.entries({
  'X-Amz-Security-Token': session,
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': `${keyId}/${scope.join('/')}`,
  'X-Amz-Date': stamp,
  'X-Amz-Expires': '900',
  'X-Amz-SignedHeaders': 'host',
  Action: 'connect',
  DBUser: user
}).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).sort().join('&')
const request = ['GET', '/', query, `host:${host}:${port}`, '', 'host', sha256('')].join('\n')
const toSign = ['AWS4-HMAC-SHA256', stamp, scope.join('/'), sha256(request)].join('\n')
const key = scope.reduce(hmac, `AWS4${secret}`)
process.stdout.write(`${host}:${port}/?${query}&X-Amz-Signature=${hmac(key, toSign).toString('hex')}`)
