-- Journal, audit and leadership of live sessions. PostgreSQL 15 to 18.
-- Tables are read by whoever may use the schema and written by the functions at the end alone, which run as the owner. So the check of the epoch, the
-- gapless numbers and the audit row of every intent are not a matter of the program that asks.

CREATE TABLE tradepulse.leader (
  account   text        PRIMARY KEY CHECK (length(account) BETWEEN 1 AND 300),
  epoch     bigint      NOT NULL CHECK (epoch >= 1),
  -- The leader ended in order: nothing of it is under way.
  released  boolean     NOT NULL,
  -- For people: host and process.
  holder    text        NOT NULL,
  taken_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE tradepulse.leader IS 'Who may send orders for an account. The epoch grows with every takeover and is never used twice.';

CREATE TABLE tradepulse.journal_session (
  id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account  text NOT NULL CHECK (length(account) BETWEEN 1 AND 300),
  name     text NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
  -- What the session is, in JSON: written once, by the leader that began it, and found by the next one on whichever host.
  record   text,
  UNIQUE (account, name)
);

CREATE TABLE tradepulse.journal_batch (
  session_id  integer     NOT NULL REFERENCES tradepulse.journal_session (id),
  first_seq   bigint      NOT NULL CHECK (first_seq >= 1),
  last_seq    bigint      NOT NULL,
  -- The opening of the journal that wrote it. A batch that is sent again, because its answer was lost, is known by it.
  run         text        NOT NULL,
  epoch       bigint      NOT NULL,
  written_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (session_id, first_seq),
  CHECK (last_seq >= first_seq)
);

CREATE TABLE tradepulse.journal_record (
  session_id  integer  NOT NULL REFERENCES tradepulse.journal_session (id),
  seq         bigint   NOT NULL CHECK (seq >= 1),
  -- Numbers and names: record-kinds.ts.
  kind        smallint NOT NULL,
  schema      smallint NOT NULL,
  -- Canonical JSON. Kept as text: jsonb takes neither a NUL nor half of a surrogate pair, and venues have sent both.
  payload     text     NOT NULL,
  PRIMARY KEY (session_id, seq)
);

CREATE TABLE tradepulse.audit (
  account     text   NOT NULL,
  seq         bigint NOT NULL CHECK (seq >= 1),
  at_us       bigint NOT NULL,
  epoch       bigint NOT NULL,
  session_id  integer NOT NULL,
  record_seq  bigint NOT NULL,
  kind        smallint NOT NULL,
  payload     text   NOT NULL,
  prev_hash   bytea  NOT NULL CHECK (length(prev_hash) = 32),
  hash        bytea  NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (account, seq)
);
COMMENT ON TABLE tradepulse.audit IS
  'What was decided and sent, each row with the SHA-256 over the hash before it and its own content. The first row of an account follows 32 zero bytes.';

-- Rows are written once.
CREATE FUNCTION tradepulse.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of tradepulse.% are written once and never changed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON tradepulse.journal_batch EXECUTE FUNCTION tradepulse.refuse_change();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON tradepulse.journal_record EXECUTE FUNCTION tradepulse.refuse_change();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON tradepulse.audit EXECUTE FUNCTION tradepulse.refuse_change();

-- The hash of an audit row.
CREATE FUNCTION tradepulse.audit_hash(prev bytea, row_seq bigint, at_us bigint, epoch bigint, session_id integer, record_seq bigint, kind smallint, payload text)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT sha256(prev || convert_to(concat_ws(E'\n', row_seq, at_us, epoch, session_id, record_seq, kind, payload), 'UTF8'))
$$;

-- Finds or begins the session of an account.
CREATE FUNCTION tradepulse.open_session(p_account text, p_name text, OUT session_id integer, OUT last_seq bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO tradepulse.journal_session (account, name) VALUES (p_account, p_name) ON CONFLICT DO NOTHING;
  SELECT s.id INTO session_id FROM tradepulse.journal_session s WHERE s.account = p_account AND s.name = p_name;
  SELECT b.last_seq INTO last_seq FROM tradepulse.journal_batch b WHERE b.session_id = open_session.session_id ORDER BY b.first_seq DESC LIMIT 1;
  last_seq := coalesce(last_seq, 0);
END $$;

-- Begins a session with its record. 'ok', also when the very same record is there already; 'epoch' when somebody else leads; 'exists' for another record.
CREATE FUNCTION tradepulse.begin_session(p_account text, p_name text, p_epoch bigint, p_record text)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_record text;
BEGIN
  PERFORM FROM tradepulse.leader l WHERE l.account = p_account AND l.epoch = p_epoch AND NOT l.released FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN 'epoch';
  END IF;
  INSERT INTO tradepulse.journal_session (account, name) VALUES (p_account, p_name) ON CONFLICT DO NOTHING;
  UPDATE tradepulse.journal_session s SET record = p_record WHERE s.account = p_account AND s.name = p_name AND s.record IS NULL;
  SELECT s.record INTO v_record FROM tradepulse.journal_session s WHERE s.account = p_account AND s.name = p_name;
  RETURN CASE WHEN v_record = p_record THEN 'ok' ELSE 'exists' END;
END $$;

-- Appends a batch in the name of an epoch: records, audit rows and the check of the epoch in one transaction.
-- p_kinds: numbers with blanks between them; p_payloads: as many texts, a line each (canonical JSON has no line breaks).
-- 'ok'; 'again': this very batch is there already; 'epoch': somebody else leads, or nobody; 'sequence': other records are there, or some are missing.
CREATE FUNCTION tradepulse.append_batch(p_session integer, p_epoch bigint, p_run text, p_first bigint, p_schema smallint, p_kinds text, p_payloads text)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_kinds    smallint[] := string_to_array(p_kinds, ' ')::smallint[];
  v_payloads text[] := string_to_array(p_payloads, E'\n');
  v_last     bigint := p_first + cardinality(v_kinds) - 1;
  v_account  text;
  v_epoch    bigint;
  v_released boolean;
  v_top      bigint;
  v_seq      bigint;
  v_hash     bytea;
  v_prev     bytea;
  v_at       bigint;
BEGIN
  IF cardinality(v_kinds) = 0 OR cardinality(v_kinds) <> cardinality(v_payloads) THEN
    RAISE EXCEPTION 'a batch of % kinds and % payloads', cardinality(v_kinds), cardinality(v_payloads) USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT s.account INTO v_account FROM tradepulse.journal_session s WHERE s.id = p_session;
  -- Held until the commit: a takeover waits for it, and a second writer of the same epoch sees what the first one wrote.
  SELECT l.epoch, l.released INTO v_epoch, v_released FROM tradepulse.leader l WHERE l.account = v_account FOR NO KEY UPDATE;
  IF v_epoch IS DISTINCT FROM p_epoch OR v_released THEN
    RETURN 'epoch';
  END IF;
  SELECT b.last_seq INTO v_top FROM tradepulse.journal_batch b WHERE b.session_id = p_session ORDER BY b.first_seq DESC LIMIT 1;
  IF coalesce(v_top, 0) <> p_first - 1 THEN
    PERFORM FROM tradepulse.journal_batch b WHERE b.session_id = p_session AND b.first_seq = p_first AND b.last_seq = v_last AND b.run = p_run;
    RETURN CASE WHEN FOUND THEN 'again' ELSE 'sequence' END;
  END IF;
  INSERT INTO tradepulse.journal_batch (session_id, first_seq, last_seq, run, epoch) VALUES (p_session, p_first, v_last, p_run, p_epoch);
  INSERT INTO tradepulse.journal_record (session_id, seq, kind, schema, payload)
    SELECT p_session, p_first + r.n - 1, r.kind, p_schema, r.payload FROM unnest(v_kinds, v_payloads) WITH ORDINALITY AS r (kind, payload, n);
  -- operator, intent, not-sent, outcome, cancel-outcome, latch, leader
  IF v_kinds && ARRAY[6, 33, 34, 35, 36, 64, 65]::smallint[] THEN
    SELECT a.seq, a.hash INTO v_seq, v_prev FROM tradepulse.audit a WHERE a.account = v_account ORDER BY a.seq DESC LIMIT 1;
    v_seq := coalesce(v_seq, 0);
    v_prev := coalesce(v_prev, decode(repeat('00', 32), 'hex'));
    FOR n IN 1 .. cardinality(v_kinds) LOOP
      CONTINUE WHEN v_kinds[n] <> ALL (ARRAY[6, 33, 34, 35, 36, 64, 65]::smallint[]);
      v_seq := v_seq + 1;
      v_at := floor(extract(epoch FROM clock_timestamp()) * 1000000);
      v_hash := tradepulse.audit_hash(v_prev, v_seq, v_at, p_epoch, p_session, p_first + n - 1, v_kinds[n], v_payloads[n]);
      INSERT INTO tradepulse.audit VALUES (v_account, v_seq, v_at, p_epoch, p_session, p_first + n - 1, v_kinds[n], v_payloads[n], v_prev, v_hash);
      v_prev := v_hash;
    END LOOP;
  END IF;
  RETURN 'ok';
END $$;

-- The lock that the leader's connection holds as long as it lives.
CREATE FUNCTION tradepulse.leader_key(p_account text) RETURNS bigint LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT hashtextextended('tradepulse leader ' || p_account, 0)
$$;

-- Takes the lead under an epoch above every one before; NULL when another connection leads. was_released: the leader before ended in order.
CREATE FUNCTION tradepulse.take_lead(p_account text, p_used bigint, p_holder text, OUT new_epoch bigint, OUT was_released boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_epoch bigint;
BEGIN
  IF NOT pg_try_advisory_lock(tradepulse.leader_key(p_account)) THEN
    RETURN;
  END IF;
  -- Waits for what is being written in the name of the epoch before.
  SELECT l.epoch, l.released INTO v_epoch, was_released FROM tradepulse.leader l WHERE l.account = p_account FOR UPDATE;
  was_released := coalesce(was_released, true) AND p_used <= coalesce(v_epoch, 0);
  new_epoch := greatest(coalesce(v_epoch, 0), p_used) + 1;
  INSERT INTO tradepulse.leader AS l (account, epoch, released, holder) VALUES (p_account, new_epoch, false, p_holder)
    ON CONFLICT (account) DO UPDATE SET epoch = excluded.epoch, released = false, holder = excluded.holder, taken_at = clock_timestamp();
END $$;

-- After the connection was lost: the lock again, for an epoch that is still the last one. 'ok', 'held' or 'epoch'.
CREATE FUNCTION tradepulse.resume_lead(p_account text, p_epoch bigint) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_epoch bigint;
BEGIN
  IF NOT pg_try_advisory_lock(tradepulse.leader_key(p_account)) THEN
    SELECT l.epoch INTO v_epoch FROM tradepulse.leader l WHERE l.account = p_account;
    RETURN CASE WHEN v_epoch = p_epoch THEN 'held' ELSE 'epoch' END;
  END IF;
  SELECT l.epoch INTO v_epoch FROM tradepulse.leader l WHERE l.account = p_account;
  IF v_epoch IS DISTINCT FROM p_epoch THEN
    PERFORM pg_advisory_unlock(tradepulse.leader_key(p_account));
    RETURN 'epoch';
  END IF;
  RETURN 'ok';
END $$;

-- Ends the lead in order. False when somebody else leads by now.
CREATE FUNCTION tradepulse.release_lead(p_account text, p_epoch bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE tradepulse.leader l SET released = true WHERE l.account = p_account AND l.epoch = p_epoch;
  RETURN FOUND;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA tradepulse FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA tradepulse FROM PUBLIC;
