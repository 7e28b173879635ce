-- Up
-- What Sentinel says by itself, sentence by sentence with a name and what fills its blanks, so that the dashboard can word it in the
-- language of its reader; null where a person's own words stand beside, or rows are older.
ALTER TABLE training_runs ADD COLUMN reason_told jsonb, ADD COLUMN failure_told jsonb;
ALTER TABLE model_evaluations ADD COLUMN reason_told jsonb;
ALTER TABLE rollouts ADD COLUMN reason_told jsonb, ADD COLUMN failure_told jsonb;
ALTER TABLE triage_items ADD COLUMN detail_told jsonb;

-- Down
ALTER TABLE triage_items DROP COLUMN detail_told;
ALTER TABLE rollouts DROP COLUMN reason_told, DROP COLUMN failure_told;
ALTER TABLE model_evaluations DROP COLUMN reason_told;
ALTER TABLE training_runs DROP COLUMN reason_told, DROP COLUMN failure_told;
