-- One database a party. Logs and numbers only grow: triggers refuse what would rewrite them.
CREATE TABLE party (name TEXT NOT NULL PRIMARY KEY) STRICT;

-- A channel with one other party. `log` is this party's log of it, `peer_log` the other's; both are origins.
-- `confirmed` is the largest size of `log` that the other party has cosigned.
CREATE TABLE channel (
    name TEXT NOT NULL PRIMARY KEY,
    log TEXT NOT NULL UNIQUE,
    peer TEXT,
    card BLOB,
    confirmed INTEGER NOT NULL DEFAULT 0,
    stopped TEXT
) STRICT;

CREATE TABLE entry (
    log TEXT NOT NULL,
    idx INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;

-- Roots of whole subtrees: at level l, entry idx stands for entries [idx * 2^l, (idx + 1) * 2^l).
CREATE TABLE subtree (
    log TEXT NOT NULL,
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (log, level, idx)
) STRICT, WITHOUT ROWID;

-- Every checkpoint that was signed, before it left; `cosigned` is the same with the other party's cosignature.
CREATE TABLE checkpoint (
    log TEXT NOT NULL,
    size INTEGER NOT NULL,
    note BLOB NOT NULL,
    cosigned BLOB,
    PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

-- The other party's checkpoints, each a continuation of the one before, cosigned by this party.
CREATE TABLE seen (
    log TEXT NOT NULL,
    size INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    channel TEXT NOT NULL REFERENCES channel,
    lane TEXT NOT NULL,
    number INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    receipt BLOB,
    PRIMARY KEY (channel, lane, number)
) STRICT, WITHOUT ROWID;

-- `copies` counts how often the same bytes came again; `owed` is 1 until the other side is known to have the receipt.
CREATE TABLE inbox (
    channel TEXT NOT NULL REFERENCES channel,
    lane TEXT NOT NULL,
    number INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    stored_at TEXT NOT NULL,
    receipt BLOB NOT NULL,
    copies INTEGER NOT NULL DEFAULT 0,
    owed INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (channel, lane, number)
) STRICT, WITHOUT ROWID;

-- Messages that came before those they follow.
CREATE TABLE waiting (
    channel TEXT NOT NULL REFERENCES channel,
    lane TEXT NOT NULL,
    number INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (channel, lane, number)
) STRICT, WITHOUT ROWID;

-- What convicts somebody: two signed things that cannot both be honest.
CREATE TABLE evidence (
    channel TEXT NOT NULL REFERENCES channel,
    code TEXT NOT NULL,
    first BLOB NOT NULL,
    second BLOB NOT NULL,
    stored_at TEXT NOT NULL,
    UNIQUE (channel, code, first, second)
) STRICT;

CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;
CREATE TRIGGER entry_follows BEFORE INSERT ON entry
WHEN NEW.idx <> (SELECT count(*) FROM entry WHERE log = NEW.log)
BEGIN SELECT RAISE(ABORT, 'entries are numbered without gaps'); END;
CREATE TRIGGER subtree_stays BEFORE UPDATE ON subtree BEGIN SELECT RAISE(ABORT, 'hashes are never changed'); END;
CREATE TRIGGER subtree_is_kept BEFORE DELETE ON subtree BEGIN SELECT RAISE(ABORT, 'hashes are never removed'); END;
CREATE TRIGGER checkpoint_is_kept BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints are never removed'); END;
