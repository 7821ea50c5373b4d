-- Messages whose order was written. Rows older than the queue keeps a message (14 days at most) may be deleted.
CREATE TABLE IF NOT EXISTS inbox (
    message_id  text PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS orders (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article  text NOT NULL CHECK (article <> ''),
    quantity integer NOT NULL CHECK (quantity > 0)
);
