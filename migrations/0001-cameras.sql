-- Up
CREATE TABLE cameras (
  id text PRIMARY KEY,
  name text NOT NULL,
  latitude double precision CHECK (latitude BETWEEN -90 AND 90),
  longitude double precision CHECK (longitude BETWEEN -180 AND 180),
  -- Degrees clockwise from north.
  heading double precision CHECK (heading >= 0 AND heading < 360),
  -- Without credentials: what people, events and logs see.
  source text NOT NULL,
  -- The whole URL, sealed with the instance's key; null when it holds no credentials.
  sealed_source bytea,
  loop boolean NOT NULL DEFAULT false,
  enabled boolean NOT NULL DEFAULT true,
  fps double precision CHECK (fps > 0 AND fps <= 60),
  -- The catalogue a camera came from and its id there, so that importing again updates it.
  origin text,
  origin_id text,
  state text NOT NULL DEFAULT 'unknown' CHECK (state IN ('unknown', 'online', 'offline')),
  state_reason text,
  state_detail text,
  state_at timestamptz,
  width integer,
  height integer,
  source_fps double precision,
  codec text,
  revision integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (origin, origin_id)
);
CREATE INDEX cameras_by_name ON cameras (name, id);
CREATE INDEX cameras_enabled ON cameras (id) WHERE enabled;

-- Events that a transaction wrote beside its state; the relay publishes them in order and deletes them.
CREATE TABLE outbox (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  key text,
  headers jsonb NOT NULL,
  value bytea
);

-- Down
DROP TABLE outbox;
DROP TABLE cameras;
