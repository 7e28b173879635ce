-- Up
-- What people have drawn on a camera's picture: areas and lines.
CREATE TABLE zones (
  id text PRIMARY KEY,
  camera_id text NOT NULL REFERENCES cameras ON DELETE CASCADE,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('area', 'line')),
  -- [x, y] in shares of the picture, top-left origin.
  points jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT zones_name UNIQUE (camera_id, name)
);

-- Down
DROP TABLE zones;
