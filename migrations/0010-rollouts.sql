-- Up
-- A candidate held against the model that ran then: its newest evaluation.
CREATE TABLE model_evaluations (
  digest text PRIMARY KEY,
  running text NOT NULL,
  -- Of the event that asked for it.
  cause text NOT NULL,
  state text NOT NULL CHECK (state IN ('comparing', 'shadowing', 'passed', 'failed', 'cancelled')),
  done integer NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  reason text,
  gates jsonb NOT NULL DEFAULT '[]',
  comparisons jsonb NOT NULL DEFAULT '[]',
  held_out integer NOT NULL DEFAULT 0,
  reference integer NOT NULL DEFAULT 0,
  live integer NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL,
  shadowing_at timestamptz,
  finished_at timestamptz,
  cancel_by text
);

-- Live frames that a candidate looked at beside the running model.
CREATE TABLE shadow_frames (
  digest text NOT NULL,
  frame_id text NOT NULL,
  running text NOT NULL,
  camera_id text NOT NULL,
  captured_at timestamptz NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  -- Share of the confident boxes of either that the other has too.
  agreement double precision NOT NULL,
  candidate_boxes jsonb NOT NULL,
  running_boxes jsonb NOT NULL,
  infer_ms double precision NOT NULL,
  -- Key in bucket sentinel-clips of a frame that they disagree on.
  image text,
  PRIMARY KEY (digest, frame_id)
);
CREATE INDEX shadow_frames_disagreements ON shadow_frames (digest, agreement, frame_id) WHERE image IS NOT NULL;

-- The commits of the deployment's repository, in their order; the newest one is what is to run.
CREATE TABLE rollouts (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The same for a commit that was laid onto another one: of its message, or the commit's own.
  id text NOT NULL UNIQUE,
  commit text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('start', 'canary', 'promote', 'rollback', 'change')),
  model text NOT NULL,
  canary text,
  share double precision NOT NULL,
  -- What it is about: the model that came, or the one that was taken back.
  subject text NOT NULL,
  previous text,
  by text NOT NULL,
  reason text NOT NULL,
  committed_at timestamptz NOT NULL,
  applied_at timestamptz,
  -- Why it could not be applied.
  failure text
);

-- Down
DROP TABLE rollouts;
DROP TABLE shadow_frames;
DROP TABLE model_evaluations;
