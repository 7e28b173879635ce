-- Up
-- Which of the two models a person found right in a frame on which they disagree.
ALTER TABLE shadow_frames
  ADD COLUMN better text CHECK (better IN ('candidate', 'running', 'neither')),
  ADD COLUMN judged_by text,
  ADD COLUMN judged_at timestamptz;

-- Down
ALTER TABLE shadow_frames DROP COLUMN better, DROP COLUMN judged_by, DROP COLUMN judged_at;
