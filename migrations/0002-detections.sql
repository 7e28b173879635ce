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

-- Down
DROP TABLE events;
DROP TABLE detections;
DROP TABLE models;
