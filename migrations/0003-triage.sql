-- Up
CREATE TABLE triage_items (
  id text PRIMARY KEY,
  camera_id text NOT NULL,
  frame_id text NOT NULL,
  captured_at timestamptz NOT NULL,
  requested_at timestamptz NOT NULL,
  reason text NOT NULL,
  uncertainty double precision NOT NULL CHECK (uncertainty BETWEEN 0 AND 1),
  detail text NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  model_digest text NOT NULL,
  model_name text NOT NULL,
  boxes jsonb NOT NULL,
  image text NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'confirmed', 'corrected', 'rejected', 'skipped'))
);
CREATE INDEX triage_items_queue ON triage_items (uncertainty DESC, id) WHERE status = 'open';
CREATE INDEX triage_items_by_camera ON triage_items (camera_id, captured_at DESC, id);

CREATE TABLE verdicts (
  id text PRIMARY KEY,
  item_id text NOT NULL REFERENCES triage_items ON DELETE CASCADE,
  verdict text NOT NULL CHECK (verdict IN ('confirm', 'correct', 'reject', 'skip')),
  boxes jsonb NOT NULL,
  note text,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  withdrawn_at timestamptz
);
-- At most one verdict of an item stands.
CREATE UNIQUE INDEX verdicts_standing ON verdicts (item_id) WHERE withdrawn_at IS NULL;

-- How many frames of a camera went to review in an hour.
CREATE TABLE triage_budget (
  camera_id text NOT NULL,
  hour timestamptz NOT NULL,
  used integer NOT NULL,
  PRIMARY KEY (camera_id, hour)
);

-- Down
DROP TABLE triage_budget;
DROP TABLE verdicts;
DROP TABLE triage_items;
