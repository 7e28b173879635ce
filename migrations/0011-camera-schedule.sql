-- Up
-- The days and hours in which the camera is watched: time zone and windows; null for always.
ALTER TABLE cameras ADD COLUMN schedule jsonb;

-- Down
ALTER TABLE cameras DROP COLUMN schedule;
