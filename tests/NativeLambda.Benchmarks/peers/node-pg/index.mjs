// The products function in Node with pg, as such functions are usually written: the client is a variable outside the handler, and
// Lambda is told not to wait for the event loop, which an open connection never leaves empty.
import { readFileSync } from 'node:fs';
import pg from 'pg';

const { env } = process;

const client = new pg.Client({
  // Everything else comes from the PG* variables. Names and addresses are checked against the certificate.
  ssl: env.PGSSLMODE === 'disable' ? false : {
    ca: readFileSync(env.PGSSLROOTCERT),
    host: env.PGHOST,
    // Before version 18 a PostgreSQL server takes P-256 and nothing else: any other guess costs a flight.
    ecdhCurve: 'P-256:X25519:P-384',
  },
});
await client.connect();

const page = 20;

// Prepared under their names by the flight of their first execution.
const find = (id) => client.query({
  name: 'find', text: 'SELECT name, price, stock FROM products WHERE id = $1', values: [id],
});
const list = (after, limit) => client.query({
  name: 'list', text: 'SELECT id, name, price, stock FROM products WHERE id > $1 ORDER BY id LIMIT $2', values: [after, limit],
});

const answer = (statusCode, body) => ({
  statusCode,
  headers: { 'content-type': statusCode === 200 ? 'application/json' : 'application/problem+json' },
  body: JSON.stringify(body),
  isBase64Encoded: false,
});

const product = (id, { name, price, stock }) => ({ id, name, price: Number(price), stock: Number(stock) });

async function getProduct(segment) {
  const id = decode(segment);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) {
    return answer(400, {
      title: 'Bad Request', status: 400, detail: "The id must be 1 to 64 characters out of A-Z, a-z, 0-9, '_' and '-'.", field: 'id',
    });
  }
  const { rows } = await find(id);
  return rows.length > 0
    ? answer(200, product(id, rows[0]))
    : answer(404, { title: 'Not Found', status: 404, detail: 'There is no product with this id.', field: 'id' });
}

async function getProducts() {
  // One more than asked for tells whether there is a next page.
  const { rows } = await list('', page + 1);
  const items = rows.slice(0, page).map((row) => product(row.id, row));
  return answer(200, { items, next: rows.length > page ? items.at(-1).id : null });
}

function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

export async function handler(event, context) {
  context.callbackWaitsForEmptyEventLoop = false;
  const path = event.rawPath;
  if (event.requestContext.http.method === 'GET') {
    if (path === '/products') return getProducts();
    const [, id] = /^\/products\/([^/]+)$/.exec(path) ?? [];
    if (id !== undefined) return getProduct(id);
  }
  return answer(404, { title: 'Not Found', status: 404, detail: 'There is nothing at this path.' });
}
