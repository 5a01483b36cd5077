-- +goose Up
-- into_group is where the stories of a group went that was found to be the same as another. ordered is
-- rafid.Order as JSON, for the memberships that an operator decided.
ALTER TABLE groups ADD COLUMN into_group TEXT NOT NULL DEFAULT '';
CREATE INDEX groups_thread ON groups (thread) WHERE thread <> '';
ALTER TABLE stories ADD COLUMN ordered TEXT NOT NULL DEFAULT '';
CREATE INDEX stories_ordered ON stories (seq) WHERE ordered <> '';

-- What grouping needs of a story after a restart. It stands apart from the texts so that reading the prints
-- of weeks does not read the texts of weeks.
CREATE TABLE prints (
    seq   INTEGER PRIMARY KEY, -- stories.seq,
    print BLOB NOT NULL
);

-- +goose Down
DROP TABLE prints;
DROP INDEX groups_thread;
DROP INDEX stories_ordered;
ALTER TABLE stories DROP COLUMN ordered;
ALTER TABLE groups DROP COLUMN into_group;
