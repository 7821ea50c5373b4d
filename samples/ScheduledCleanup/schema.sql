CREATE TABLE IF NOT EXISTS sessions (
    id         uuid PRIMARY KEY,
    expires_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS sessions_expires_at ON sessions (expires_at);
