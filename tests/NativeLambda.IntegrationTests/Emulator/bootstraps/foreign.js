// Handlers for AWS's runtime client for Node. Events: {"gate": FILE} waits for the file; {"fail": true} fails; {"stream": true} streams.
'use strict';
const fs = require('node:fs');

class Failed extends Error {
  constructor() {
    super('on purpose');
    this.name = 'Foreign.Failed';
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

exports.handler = async (event) => {
  while (event.gate && !fs.existsSync(event.gate)) await pause(50);
  if (event.fail) throw new Failed();
  return { pid: process.pid, event };
};

exports.streaming = awslambda.streamifyResponse(async (event, stream) => {
  if (event.http || event.requestContext) {
    stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'X-Mine': 'yes' } });
  } else {
    stream.setContentType('text/plain');
  }
  stream.write('one');
  await pause(50);
  if (event.fail) throw new Failed();
  stream.write('two');
  stream.end();
});
