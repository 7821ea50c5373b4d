CREATE TABLE IF NOT EXISTS customers (
    id     text PRIMARY KEY,
    name   text NOT NULL,
    credit numeric(12, 2) NOT NULL CHECK (credit >= 0)
);
