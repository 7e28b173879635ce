-- Up
-- The queue is read in this order, whatever status is asked for.
DROP INDEX triage_items_queue;
CREATE INDEX triage_items_queue ON triage_items (status, uncertainty DESC, id DESC);
CREATE INDEX triage_items_by_age ON triage_items (requested_at);

-- Down
DROP INDEX triage_items_by_age;
DROP INDEX triage_items_queue;
CREATE INDEX triage_items_queue ON triage_items (uncertainty DESC, id) WHERE status = 'open';
