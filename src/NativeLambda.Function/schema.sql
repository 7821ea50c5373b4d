-- The tables of the products API. May be applied any number of times; bootstrap itself never does.

-- Identifiers compare by byte (COLLATE "C"), so that pages have the same order on every server.
CREATE TABLE IF NOT EXISTS products (
    id    text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9_-]{1,64}$'),
    name  text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    price numeric(9, 2) NOT NULL CHECK (price >= 0),
    stock bigint NOT NULL DEFAULT 0 CHECK (stock >= 0)
);

-- The ledger: the quantities of a product's movements add up to its stock. It goes with its product.
CREATE TABLE IF NOT EXISTS movements (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id text COLLATE "C" NOT NULL REFERENCES products ON DELETE CASCADE,
    quantity   integer NOT NULL CHECK (quantity <> 0),
    stock      bigint NOT NULL CHECK (stock >= 0),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS movements_product_id ON movements (product_id);

-- Which Idempotency-Key got which answer. No reference to the product: a repeat must get the first answer even when the product
-- is gone, or is there again. Rows older than any client's last retry may be deleted.
CREATE TABLE IF NOT EXISTS idempotency_keys (
    key         text COLLATE "C" PRIMARY KEY CHECK (char_length(key) BETWEEN 1 AND 255),
    product_id  text COLLATE "C" NOT NULL,
    quantity    integer NOT NULL,
    movement_id bigint NOT NULL,
    stock       bigint NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);
