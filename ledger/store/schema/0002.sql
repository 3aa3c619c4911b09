-- 0002.sql - an account's entries are a chain, not an index.
--
-- Each entry names the account's entry before it, the account names its last, and every 32nd entry
-- has a mark to step in by. An index of all entries by account cost each payment two pages
-- somewhere in the middle of it, as much as everything else that a payment writes.

CREATE TABLE chained_entry (
    transfer_id     INTEGER NOT NULL ON CONFLICT FAIL REFERENCES transfer (id) DEFERRABLE INITIALLY DEFERRED,
    leg             INTEGER NOT NULL ON CONFLICT FAIL,
    account_id      INTEGER NOT NULL ON CONFLICT FAIL, -- in account: the transfer's guard looks
    amount_minor    INTEGER NOT NULL ON CONFLICT FAIL,
    balance_minor   INTEGER NOT NULL ON CONFLICT FAIL, -- after it
    late_on         INTEGER,                           -- effective_on, where that is before the day of posting
    previous        INTEGER,                           -- the transfer of the account's entry before this one
    PRIMARY KEY (transfer_id, leg) ON CONFLICT FAIL
) STRICT, WITHOUT ROWID;

INSERT INTO chained_entry (transfer_id, leg, account_id, amount_minor, balance_minor, late_on, previous)
SELECT transfer_id, leg, account_id, amount_minor, balance_minor, late_on,
       lag(transfer_id) OVER (PARTITION BY account_id ORDER BY transfer_id)
  FROM entry ORDER BY transfer_id, leg;

DROP TABLE entry;
ALTER TABLE chained_entry RENAME TO entry;
CREATE INDEX entry_late ON entry (account_id, late_on, transfer_id, amount_minor) WHERE late_on IS NOT NULL;

-- Kept current beside the entries, as the account is; `verify` recomputes both.
CREATE TABLE entry_mark (
    account_id      INTEGER NOT NULL,
    transfer_id     INTEGER NOT NULL,
    PRIMARY KEY (account_id, transfer_id)
) STRICT, WITHOUT ROWID;

INSERT INTO entry_mark (account_id, transfer_id)
SELECT account_id, transfer_id
  FROM (SELECT account_id, transfer_id, row_number() OVER (PARTITION BY account_id ORDER BY transfer_id) AS place
          FROM entry) AS placed
 WHERE place % 32 = 0;

ALTER TABLE account ADD COLUMN entry_count INTEGER NOT NULL DEFAULT 0 CHECK (entry_count >= 0);
ALTER TABLE account ADD COLUMN last_transfer_id INTEGER;

UPDATE account SET entry_count = whole.entries, last_transfer_id = whole.last
  FROM (SELECT account_id, count(*) AS entries, max(transfer_id) AS last FROM entry GROUP BY account_id) AS whole
 WHERE whole.account_id = account.id;
