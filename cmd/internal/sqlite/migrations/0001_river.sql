-- +goose Up
-- Times are microseconds since 1970 in UTC. seq is the order of arrival, which grouping follows.
CREATE TABLE sources (
    id    TEXT PRIMARY KEY,
    state TEXT NOT NULL -- rafid.SourceState as JSON
);

CREATE TABLE stories (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL UNIQUE,
    source        TEXT NOT NULL,
    outlet        TEXT NOT NULL,
    guid          TEXT NOT NULL,
    link          TEXT NOT NULL,
    url           TEXT NOT NULL,
    title         TEXT NOT NULL,
    summary       TEXT NOT NULL,
    content       TEXT NOT NULL,
    author        TEXT NOT NULL,
    image_url     TEXT NOT NULL,
    image_caption TEXT NOT NULL,
    lang          TEXT NOT NULL,
    labels        TEXT NOT NULL, -- JSON array, as are the next two
    categories    TEXT NOT NULL,
    tags          TEXT NOT NULL,
    why           TEXT NOT NULL,
    published     BIGINT NOT NULL,
    inferred      BOOLEAN NOT NULL,
    first_seen    BIGINT NOT NULL,
    revised       BIGINT NOT NULL,
    hash          TEXT NOT NULL,
    held          BOOLEAN NOT NULL,
    grp           TEXT,          -- groups.id once grouped; the next four belong to the membership
    relation      TEXT NOT NULL DEFAULT '',
    of_story      TEXT NOT NULL DEFAULT '',
    joined        BIGINT NOT NULL DEFAULT 0,
    evidence      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX stories_waiting ON stories (seq) WHERE grp IS NULL AND NOT held;
CREATE INDEX stories_group ON stories (grp, seq) WHERE grp IS NOT NULL;
CREATE INDEX stories_source ON stories (source, first_seen);
CREATE INDEX stories_held ON stories (source, seq) WHERE held;
CREATE INDEX stories_seen ON stories (first_seen);

CREATE TABLE groups (
    id        TEXT PRIMARY KEY,
    title     TEXT NOT NULL,
    lead      TEXT NOT NULL,
    thread    TEXT NOT NULL,
    category  TEXT NOT NULL,
    published BIGINT NOT NULL,
    outlets   INTEGER NOT NULL
);
CREATE INDEX groups_published ON groups (published DESC, id DESC);
CREATE INDEX groups_category ON groups (category, published DESC, id DESC);
CREATE INDEX groups_outlets ON groups (published DESC, id DESC) WHERE outlets > 1;

-- +goose Down
DROP TABLE groups;
DROP TABLE stories;
DROP TABLE sources;
