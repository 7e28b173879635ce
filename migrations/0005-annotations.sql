-- Up
-- What every person said of an item, for good: a row a verdict that certifies a frame.
CREATE TABLE annotations (
  verdict_id text PRIMARY KEY,
  item_id text NOT NULL,
  camera_id text NOT NULL,
  frame_id text NOT NULL,
  captured_at timestamptz NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  light text NOT NULL CHECK (light IN ('day', 'dusk', 'night')),
  -- sha256 of the JPEG in bucket sentinel-datasets.
  image text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('confirm', 'correct')),
  before jsonb NOT NULL,
  boxes jsonb NOT NULL,
  model_digest text NOT NULL,
  model_name text NOT NULL,
  annotator text NOT NULL,
  recorded_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  withdrawn_by text,
  -- Whether the item's boxes are these now; why, and who agrees.
  stands boolean NOT NULL DEFAULT false,
  rule text CHECK (rule IN ('single', 'consensus', 'adjudication')),
  agreed_by text[] NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX annotations_standing ON annotations (item_id) WHERE stands;
CREATE INDEX annotations_by_item ON annotations (item_id, recorded_at);
CREATE INDEX annotations_by_time ON annotations (recorded_at) WHERE stands;
CREATE INDEX annotations_by_annotator ON annotations (annotator, recorded_at);

-- Items whose boxes are known; in the queue they look like any other.
CREATE TABLE gold_items (
  item_id text PRIMARY KEY,
  boxes jsonb NOT NULL,
  added_by text NOT NULL,
  added_at timestamptz NOT NULL
);

-- How near a person came to a gold item: shares of 1, a box being right at an overlap of 0.5 with its class.
CREATE TABLE gold_scores (
  verdict_id text PRIMARY KEY,
  item_id text NOT NULL REFERENCES gold_items ON DELETE CASCADE,
  annotator text NOT NULL,
  precision double precision NOT NULL,
  recall double precision NOT NULL,
  -- Mean overlap of the boxes that are right; null where none is.
  overlap double precision,
  scored_at timestamptz NOT NULL
);
CREATE INDEX gold_scores_by_annotator ON gold_scores (annotator, scored_at);

-- Several people may judge one item, each once.
DROP INDEX verdicts_standing;
CREATE UNIQUE INDEX verdicts_standing ON verdicts (item_id, recorded_by) WHERE withdrawn_at IS NULL;

-- Down
DELETE FROM verdicts v WHERE withdrawn_at IS NULL AND EXISTS (
  SELECT FROM verdicts w WHERE w.item_id = v.item_id AND w.withdrawn_at IS NULL
    AND (w.recorded_at, w.id) < (v.recorded_at, v.id));
DROP INDEX verdicts_standing;
CREATE UNIQUE INDEX verdicts_standing ON verdicts (item_id) WHERE withdrawn_at IS NULL;
DROP TABLE gold_scores;
DROP TABLE gold_items;
DROP TABLE annotations;
