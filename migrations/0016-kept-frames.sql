-- Up
-- Frames whose picture was kept for a while, so that people can look back; those that went to review are not among them.
CREATE TABLE kept_frames (
  camera_id text NOT NULL,
  captured_at timestamptz NOT NULL,
  frame_id text NOT NULL,
  -- By the server's clock: a camera whose clock is years off keeps its pictures no longer than any other.
  kept_at timestamptz NOT NULL,
  PRIMARY KEY (camera_id, captured_at, frame_id)
);
CREATE INDEX kept_frames_by_age ON kept_frames (kept_at);

-- Down
DROP TABLE kept_frames;
