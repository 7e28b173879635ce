-- Up
-- A training for another machine that somebody carries there and back, so that no Job is started for it.
ALTER TABLE training_runs ADD COLUMN taken_along boolean NOT NULL DEFAULT false;

-- Down
ALTER TABLE training_runs DROP COLUMN taken_along;
