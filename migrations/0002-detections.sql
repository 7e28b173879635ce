-- Up
CREATE TABLE models (
  digest text PRIMARY KEY,
  name text NOT NULL,
  family text NOT NULL,
  classes text[] NOT NULL,
  input_width integer NOT NULL,
  input_height integer NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT now()
);

-- One row a frame; partitions of a day are made ahead and dropped by retention.
CREATE TABLE detections (
  captured_at timestamptz NOT NULL,
  frame_id text NOT NULL,
  event_id text NOT NULL,
  camera_id text NOT NULL,
  detected_at timestamptz NOT NULL,
  capture_clock text NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  model_digest text NOT NULL,
  model_name text NOT NULL,
  boxes jsonb NOT NULL,
  timings jsonb NOT NULL,
  PRIMARY KEY (captured_at, frame_id)
) PARTITION BY RANGE (captured_at);
CREATE INDEX detections_by_camera ON detections (camera_id, captured_at DESC, frame_id DESC);

-- The event log that people read: cameras, tracks that appear, reviews, alerts.
CREATE TABLE events (
  time timestamptz NOT NULL,
  id text NOT NULL,
  type text NOT NULL,
  camera_id text,
  subject text NOT NULL,
  class text,
  score double precision,
  data jsonb NOT NULL,
  PRIMARY KEY (time, id)
) PARTITION BY RANGE (time);
CREATE INDEX events_by_camera ON events (camera_id, time DESC, id DESC);
CREATE INDEX events_by_type ON events (type, time DESC, id DESC);

-- What no day's partition takes: a camera whose clock is years off must not stop the others.
CREATE TABLE detections_default PARTITION OF detections DEFAULT;
CREATE TABLE events_default PARTITION OF events DEFAULT;

-- Each track once: tells whether a frame's track is news.
CREATE TABLE tracks (
  camera_id text NOT NULL,
  track_id text NOT NULL,
  first_seen timestamptz NOT NULL,
  class text NOT NULL,
  PRIMARY KEY (camera_id, track_id)
);
CREATE INDEX tracks_by_age ON tracks (first_seen);

-- Makes the partition of a day, and moves into it what the default partition already holds of that day.
CREATE FUNCTION make_partition(parent text, time_column text, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('sentinel:partitions'));
  IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name, parent);
  EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
    parent || '_default', time_column, day, time_column, day + 1, name);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name, day, day + 1);
END $$;

-- Down
DROP FUNCTION make_partition;
DROP TABLE tracks;
DROP TABLE events;
DROP TABLE detections;
DROP TABLE models;
