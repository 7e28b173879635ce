-- Up
-- Who has an item on the desk, so that nobody else is handed it. A claim that has run out is none.
CREATE TABLE triage_claims (
  item_id text PRIMARY KEY REFERENCES triage_items ON DELETE CASCADE,
  session text NOT NULL,
  until timestamptz NOT NULL
);
CREATE INDEX triage_claims_by_session ON triage_claims (session);
-- What was judged last tells what the next item should differ from.
CREATE INDEX verdicts_by_time ON verdicts (recorded_at DESC) WHERE withdrawn_at IS NULL;

-- Down
DROP INDEX verdicts_by_time;
DROP TABLE triage_claims;
