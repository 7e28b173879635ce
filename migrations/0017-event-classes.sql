-- Up
-- A class that is seen seldom is found without reading everything between.
CREATE INDEX events_by_class ON events (class, time DESC, id DESC) WHERE class IS NOT NULL;

-- Down
DROP INDEX events_by_class;
