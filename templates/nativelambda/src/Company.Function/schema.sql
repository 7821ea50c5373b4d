CREATE TABLE IF NOT EXISTS notes (
    id   text PRIMARY KEY,
    text text NOT NULL
);
