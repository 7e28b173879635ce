-- Up
-- A training: its id says on which data and how, so that the same one is never done twice.
CREATE TABLE training_runs (
  id text PRIMARY KEY,
  dataset text NOT NULL,
  parent text NOT NULL,
  recipe jsonb NOT NULL,
  -- Annotations that its dataset was made of.
  verdicts text[] NOT NULL,
  reason text NOT NULL,
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'running', 'completed', 'failed', 'cancelled')),
  started_at timestamptz,
  finished_at timestamptz,
  -- What was told last: stage, done, total, loss.
  progress jsonb,
  curve jsonb NOT NULL DEFAULT '[]',
  metrics jsonb,
  model text,
  failure text,
  cancel_by text
);
CREATE INDEX training_runs_by_time ON training_runs (requested_at DESC, id DESC);
CREATE INDEX training_runs_of_dataset ON training_runs (dataset);

-- What a model was made of, by its digest; none for one that somebody brought.
CREATE TABLE model_lineage (
  digest text PRIMARY KEY,
  parent text NOT NULL,
  dataset text NOT NULL,
  run text NOT NULL REFERENCES training_runs,
  recipe jsonb NOT NULL,
  metrics jsonb NOT NULL,
  seconds double precision NOT NULL,
  machine text NOT NULL,
  made_at timestamptz NOT NULL
);
CREATE INDEX model_lineage_by_parent ON model_lineage (parent);

-- Down
DROP TABLE model_lineage;
DROP TABLE training_runs;
