-- Up
-- How often it was asked for: one that failed or was cancelled can be asked for again, and is the same run.
ALTER TABLE training_runs ADD COLUMN attempt integer NOT NULL DEFAULT 1;

-- Down
ALTER TABLE training_runs DROP COLUMN attempt;
