// One call of AWS's own client, unmodified: node call.js ENDPOINT COMMAND INPUT
// COMMAND is the name of a command class, INPUT its input as JSON, in which Repeat: {Text, Count} makes a payload that is too long for
// an argument. Prints the answer, or the exception, as one JSON object.
'use strict';
const path = require('node:path');
const lambda = require(require.resolve('@aws-sdk/client-lambda', { paths: [path.join(process.env.NATIVELAMBDA_SDK || __dirname, 'node_modules')] }));

const text = (bytes) => (bytes ? Buffer.from(bytes).toString() : undefined);

async function main([endpoint, command, input]) {
  const client = new lambda.LambdaClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1, // what the service says, not what a retry makes of it
  });
  try {
    const { Repeat, ...parsed } = JSON.parse(input);
    if (Repeat) parsed.Payload = JSON.stringify(Repeat.Text.repeat(Repeat.Count));
    const output = await client.send(new lambda[command](parsed));
    const { $metadata, Payload, EventStream, ...rest } = output;
    const events = [];
    for await (const event of EventStream || []) {
      if (event.PayloadChunk) events.push({ chunk: text(event.PayloadChunk.Payload) });
      else events.push({ complete: event.InvokeComplete });
    }
    return { status: $metadata.httpStatusCode, requestId: $metadata.requestId, payload: text(Payload), ...rest, ...(EventStream && { events }) };
  } catch (error) {
    const typed = lambda[error.name] !== undefined && error instanceof lambda[error.name];
    const { name, message, $fault, $metadata, Reason, Type, retryAfterSeconds } = error;
    return { exception: name, typed, message, fault: $fault, status: $metadata && $metadata.httpStatusCode, Reason, Type, retryAfterSeconds };
  } finally {
    client.destroy();
  }
}

main(process.argv.slice(2)).then((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
