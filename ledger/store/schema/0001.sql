-- 0001.sql - the ledger file, version 1.
--
-- Two kinds of table. Facts are appended and never changed: guards.sql makes the
-- file itself refuse anything else. The rest is either kept current beside the
-- facts (account, hold_open; `verify` recomputes them), or may be erased
-- but never edited (the *_identity and *_text rows: names, memos).
--
-- Amounts are minor units. *_us is microseconds UTC since 1970, *_on is days since
-- 1970-01-01 in the ledger's zone. `actor` is who did it: local:<unix user> or token:<id>.
-- `authority` is what a parameter rests on: a steward now, a decision later.

CREATE TABLE node (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    name            TEXT NOT NULL,
    zone            TEXT NOT NULL,             -- IANA; days, months and cut-offs are its days
    created_at_us   INTEGER NOT NULL,
    handle_salt     BLOB NOT NULL CHECK (length(handle_salt) = 32)
) STRICT;

CREATE TABLE currency (
    id              INTEGER PRIMARY KEY,
    code            TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 2 AND 10 AND code NOT GLOB '*[^A-Z]*'),
    name            TEXT NOT NULL,
    scale           INTEGER NOT NULL CHECK (scale BETWEEN 0 AND 6),
    kind            TEXT NOT NULL CHECK (kind IN ('money', 'time', 'training')),
    created_at_us   INTEGER NOT NULL
) STRICT;

-- The limits that an account of the currency opens with; the newest row is in force.
CREATE TABLE currency_limit (
    id              INTEGER PRIMARY KEY,
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    floor_minor     INTEGER NOT NULL CHECK (floor_minor BETWEEN -1000000000000000 AND 0),
    ceiling_minor   INTEGER NOT NULL CHECK (ceiling_minor BETWEEN 0 AND 1000000000000000),
    from_us         INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX currency_limit_currency ON currency_limit (currency_id, id);

-- What one unit stands for outside, shown on statements: 1 CALD = 1.00 GBP.
CREATE TABLE equivalent (
    id              INTEGER PRIMARY KEY,
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    from_on         INTEGER NOT NULL,
    unit            TEXT NOT NULL,             -- ISO 4217 code or any short word
    value_micro     INTEGER NOT NULL CHECK (value_micro BETWEEN 1 AND 1000000000000000),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX equivalent_currency ON equivalent (currency_id, from_on, id);

CREATE TABLE member (
    id              INTEGER PRIMARY KEY,
    number          BLOB NOT NULL UNIQUE CHECK (length(number) = 16),      -- random; stands for the member in proofs
    handle_hash     BLOB NOT NULL UNIQUE CHECK (length(handle_hash) = 32), -- outlives erasure: a handle is never given twice
    kind            TEXT NOT NULL CHECK (kind IN ('coop', 'person', 'fund', 'node')),
    state           TEXT NOT NULL CHECK (state IN ('applied', 'active', 'suspended', 'left')), -- kept current
    since_us        INTEGER NOT NULL
) STRICT;

CREATE TABLE member_state (
    id              INTEGER PRIMARY KEY,
    member_id       INTEGER NOT NULL REFERENCES member (id),
    state           TEXT NOT NULL CHECK (state IN ('applied', 'active', 'suspended', 'left')),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;
CREATE INDEX member_state_member ON member_state (member_id, id);

CREATE TABLE member_identity (                 -- erasable
    member_id       INTEGER PRIMARY KEY REFERENCES member (id),
    handle          TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL
) STRICT;

CREATE TABLE member_attribute (                -- erasable
    id              INTEGER PRIMARY KEY,
    member_id       INTEGER NOT NULL REFERENCES member (id),
    name            TEXT NOT NULL CHECK (name IN ('class', 'constituency', 'sector', 'locality')),
    value           TEXT NOT NULL,             -- '' takes the attribute away
    from_on         INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX member_attribute_member ON member_attribute (member_id, name, from_on, id);

CREATE TABLE account (                         -- kept current by posting and holds
    id              INTEGER PRIMARY KEY,
    member_id       INTEGER NOT NULL REFERENCES member (id),
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    balance_minor       INTEGER NOT NULL DEFAULT 0 CHECK (balance_minor BETWEEN -1000000000000000 AND 1000000000000000),
    reserved_in_minor   INTEGER NOT NULL DEFAULT 0 CHECK (reserved_in_minor BETWEEN 0 AND 1000000000000000),
    reserved_out_minor  INTEGER NOT NULL DEFAULT 0 CHECK (reserved_out_minor BETWEEN 0 AND 1000000000000000),
    floor_minor         INTEGER NOT NULL CHECK (floor_minor BETWEEN -1000000000000000 AND 0),
    ceiling_minor       INTEGER NOT NULL CHECK (ceiling_minor BETWEEN 0 AND 1000000000000000),
    hold_expiry_us      INTEGER,               -- the earliest expiry among its open holds; NULL when it has none
    opened_at_us        INTEGER NOT NULL,
    UNIQUE (member_id, currency_id)
) STRICT;
CREATE INDEX account_hold_expiry ON account (hold_expiry_us) WHERE hold_expiry_us IS NOT NULL;

CREATE TABLE account_limit (
    id              INTEGER PRIMARY KEY,
    account_id      INTEGER NOT NULL REFERENCES account (id),
    floor_minor     INTEGER NOT NULL CHECK (floor_minor BETWEEN -1000000000000000 AND 0),
    ceiling_minor   INTEGER NOT NULL CHECK (ceiling_minor BETWEEN 0 AND 1000000000000000),
    from_us         INTEGER NOT NULL,
    review_on       INTEGER,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX account_limit_account ON account_limit (account_id, id);

CREATE TABLE transfer (                        -- ids are dense: 1, 2, 3 ...
    id              INTEGER PRIMARY KEY ON CONFLICT FAIL,
    kind            TEXT NOT NULL ON CONFLICT FAIL,    -- exchange, opening, import, capture, reversal, refund,
                                                       -- settlement, write-off
    posted_at_us    INTEGER NOT NULL ON CONFLICT FAIL, -- the node's clock, strictly increasing
    effective_on    INTEGER NOT NULL ON CONFLICT FAIL, -- the day the parties mean
    corrects        INTEGER,                           -- the transfer that a reversal or refund puts right
    text_hash       BLOB                               -- SHA-256 of transfer_text, kept when the text is erased
) STRICT;
CREATE INDEX transfer_corrects ON transfer (corrects, kind) WHERE corrects IS NOT NULL;

-- Never holds anything: guards.sql puts a transfer here that deserves more than a glance.
CREATE VIEW transfer_look AS
    SELECT id, kind, posted_at_us, corrects, text_hash FROM transfer WHERE false;

CREATE TABLE transfer_text (                   -- erasable
    transfer_id     INTEGER PRIMARY KEY REFERENCES transfer (id),
    salt            BLOB NOT NULL CHECK (length(salt) = 16),
    memo            TEXT NOT NULL,
    reference       TEXT NOT NULL
) STRICT;

CREATE TABLE entry (
    transfer_id     INTEGER NOT NULL ON CONFLICT FAIL REFERENCES transfer (id) DEFERRABLE INITIALLY DEFERRED,
    leg             INTEGER NOT NULL ON CONFLICT FAIL,
    account_id      INTEGER NOT NULL ON CONFLICT FAIL, -- in account: the transfer's guard looks
    amount_minor    INTEGER NOT NULL ON CONFLICT FAIL,
    balance_minor   INTEGER NOT NULL ON CONFLICT FAIL, -- after it
    late_on         INTEGER,                           -- effective_on, where that is before the day of posting
    PRIMARY KEY (transfer_id, leg) ON CONFLICT FAIL
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_account ON entry (account_id, transfer_id, balance_minor);
CREATE INDEX entry_late ON entry (account_id, late_on, transfer_id, amount_minor) WHERE late_on IS NOT NULL;

CREATE TABLE hold (
    id              INTEGER PRIMARY KEY,       -- dense too
    account_id      INTEGER NOT NULL REFERENCES account (id), -- the payer's
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    placed_at_us    INTEGER NOT NULL,
    expires_at_us   INTEGER NOT NULL CHECK (expires_at_us > placed_at_us),
    text_hash       BLOB CHECK (length(text_hash) = 32)
) STRICT;

CREATE TABLE hold_text (                       -- erasable
    hold_id         INTEGER PRIMARY KEY REFERENCES hold (id),
    salt            BLOB NOT NULL CHECK (length(salt) = 16),
    memo            TEXT NOT NULL,
    reference       TEXT NOT NULL
) STRICT;

CREATE TABLE hold_payee (
    hold_id         INTEGER NOT NULL REFERENCES hold (id) DEFERRABLE INITIALLY DEFERRED,
    leg             INTEGER NOT NULL CHECK (leg BETWEEN 0 AND 3),
    account_id      INTEGER NOT NULL REFERENCES account (id),
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    PRIMARY KEY (hold_id, leg)
) STRICT, WITHOUT ROWID;

CREATE TABLE hold_resolution (                 -- at most one a hold
    hold_id         INTEGER PRIMARY KEY REFERENCES hold (id),
    kind            TEXT NOT NULL CHECK (kind IN ('captured', 'released', 'expired')),
    at_us           INTEGER NOT NULL,
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 0 AND 1000000000000000), -- captured
    transfer_id     INTEGER REFERENCES transfer (id),
    reason          TEXT NOT NULL,
    CHECK ((kind = 'captured') = (transfer_id IS NOT NULL)),
    CHECK ((kind = 'captured') = (amount_minor > 0))
) STRICT;

CREATE TABLE hold_account (                    -- whose holds: payer and payees, for lists
    account_id      INTEGER NOT NULL REFERENCES account (id),
    hold_id         INTEGER NOT NULL,
    PRIMARY KEY (account_id, hold_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE hold_open (                       -- working index of unresolved holds, by account and expiry
    account_id      INTEGER NOT NULL,
    expires_at_us   INTEGER NOT NULL,
    hold_id         INTEGER NOT NULL,
    PRIMARY KEY (account_id, expires_at_us, hold_id)
) STRICT, WITHOUT ROWID;

-- One row for each accepted write: idempotency, order, the record of who did what.
CREATE TABLE register (
    seq             INTEGER PRIMARY KEY ON CONFLICT FAIL,
    at_us           INTEGER NOT NULL ON CONFLICT FAIL,
    actor           TEXT NOT NULL ON CONFLICT FAIL,
    operation       TEXT NOT NULL ON CONFLICT FAIL,
    uid             BLOB NOT NULL ON CONFLICT FAIL UNIQUE ON CONFLICT FAIL,
    content_hash    BLOB NOT NULL ON CONFLICT FAIL,
    subject         INTEGER                    -- the id of what was made or changed
) STRICT;

CREATE TABLE register_answer (                 -- erasable; answers that cannot be rebuilt from facts
    seq             INTEGER PRIMARY KEY REFERENCES register (seq),
    member_id       INTEGER,                   -- whom it speaks of: goes when that member is erased
    answer          TEXT NOT NULL
) STRICT;
CREATE INDEX register_answer_member ON register_answer (member_id) WHERE member_id IS NOT NULL;

CREATE TABLE erasure (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN ('member', 'transfer', 'hold')),
    subject         INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    UNIQUE (kind, subject)
) STRICT;

CREATE TABLE period_close (
    id              INTEGER PRIMARY KEY,
    through_on      INTEGER NOT NULL,          -- the last closed day
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;

CREATE TABLE clock_acceptance (                -- a steward accepted that the journal is ahead of the clock
    id              INTEGER PRIMARY KEY,
    ahead_us        INTEGER NOT NULL,          -- the posting time that was accepted
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;

CREATE TABLE token (
    id              INTEGER PRIMARY KEY,
    hash            BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the secret
    member_id       INTEGER REFERENCES member (id),                 -- NULL for the roles of the node
    role            TEXT NOT NULL CHECK (role IN ('steward', 'treasurer', 'auditor', 'manager', 'trader', 'viewer')),
    label           TEXT NOT NULL,
    created_at_us   INTEGER NOT NULL,
    expires_at_us   INTEGER NOT NULL,
    revoked_at_us   INTEGER,
    last_used_at_us INTEGER,
    CHECK ((role IN ('manager', 'trader', 'viewer')) = (member_id IS NOT NULL))
) STRICT;
