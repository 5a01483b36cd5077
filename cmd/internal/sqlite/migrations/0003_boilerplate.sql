-- +goose Up
-- What grouping has learnt of the lines that a source prints again and again, as dedupe.Boilerplate keeps it.
CREATE TABLE boilerplate (
    source TEXT PRIMARY KEY,
    lines  BLOB NOT NULL
);

-- +goose Down
DROP TABLE boilerplate;
