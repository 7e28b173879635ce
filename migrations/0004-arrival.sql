-- Up
-- The frame that was counted last: counted once, however often it is delivered.
ALTER TABLE triage_budget ADD COLUMN last_frame text;

-- When an entry got here, by the server's clock: the retention of entries whose own time cannot be right.
ALTER TABLE events ADD COLUMN stored_at timestamptz NOT NULL DEFAULT now();

-- Days are days of UTC, whatever zone the server or a session is in: else neighbours could overlap.
ALTER FUNCTION make_partition(text, text, date) SET timezone = 'UTC';

-- Down
ALTER FUNCTION make_partition(text, text, date) RESET timezone;
ALTER TABLE events DROP COLUMN stored_at;
ALTER TABLE triage_budget DROP COLUMN last_frame;
