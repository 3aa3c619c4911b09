-- 0004.sql - how co-ops trade: requests for payment, standing payments, offers and wants, notices.

-- Certificates of places that were attended, and words of placements that may be erased.
CREATE TABLE certificate_enrolment (           -- by hand: none
    certificate_id  INTEGER PRIMARY KEY REFERENCES certificate (id),
    enrolment_id    INTEGER NOT NULL REFERENCES enrolment (id)
) STRICT;
CREATE INDEX certificate_enrolment_enrolment ON certificate_enrolment (enrolment_id, certificate_id);

CREATE TABLE placement_end_text (              -- erasable, with placement_text; placement_end.reason is '' now
    placement_id    INTEGER PRIMARY KEY REFERENCES placement_end (placement_id),
    reason          TEXT NOT NULL
) STRICT;

-- Where the names of a placement are erased already, its reason goes too.
INSERT INTO placement_end_text (placement_id, reason)
SELECT placement_id, reason FROM placement_end WHERE placement_id IN (SELECT placement_id FROM placement_text);
UPDATE placement_end SET reason = '';

-- Notices: what a member is told, in order. Never what somebody wrote: a kind, a number, a time.
CREATE TABLE notice (
    id              INTEGER PRIMARY KEY,       -- dense
    member_id       INTEGER NOT NULL REFERENCES member (id), -- who is told
    kind            TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 24), -- paid, asked, standing-refused ...
    subject_id      INTEGER NOT NULL,          -- its number among what the kind is about
    at_us           INTEGER NOT NULL
) STRICT;
CREATE INDEX notice_member ON notice (member_id, id);
CREATE INDEX notice_kind ON notice (member_id, kind, id);

-- How far ahead the dates of a series may lie; 0: as far as any booking (horizon_days).
ALTER TABLE resource_terms ADD COLUMN series_days INTEGER NOT NULL DEFAULT 0 CHECK (series_days BETWEEN 0 AND 731);

-- The levy that feeds a guarantee fund.

CREATE TABLE levy (                            -- the newest row by from_on, then id, is in force
    id              INTEGER PRIMARY KEY,
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    fund_account_id INTEGER NOT NULL REFERENCES account (id),
    points          INTEGER NOT NULL CHECK (points BETWEEN 0 AND 1000),  -- basis points of what came in by trade
    flat_minor      INTEGER NOT NULL CHECK (flat_minor BETWEEN 0 AND 1000000000000000), -- or so much a month
    minimum_minor   INTEGER NOT NULL CHECK (minimum_minor BETWEEN 0 AND 1000000000000000), -- less is not taken
    from_on         INTEGER NOT NULL,          -- the first day of a month
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL,
    CHECK (points = 0 OR flat_minor = 0)
) STRICT;
CREATE INDEX levy_currency ON levy (currency_id, from_on, id);

CREATE TABLE levy_month (                      -- a month that is over, and its part of the journal
    id              INTEGER PRIMARY KEY,
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    levy_id         INTEGER NOT NULL REFERENCES levy (id),
    month_on        INTEGER NOT NULL,          -- its first day
    from_us         INTEGER NOT NULL,
    to_us           INTEGER NOT NULL CHECK (to_us > from_us),
    after_id        INTEGER NOT NULL,          -- transfers after_id + 1 to through_id were posted in it
    through_id      INTEGER NOT NULL CHECK (through_id >= after_id),
    UNIQUE (currency_id, month_on)
) STRICT;

CREATE TABLE levy_reading (                    -- kept current: how far a month is read; gone when it is
    month_id        INTEGER PRIMARY KEY REFERENCES levy_month (id),
    read_id         INTEGER NOT NULL           -- a transfer, of a flat levy an account
) STRICT;

CREATE TABLE levy_due (                        -- kept current: what a month asks of an account and has not had
    account_id      INTEGER NOT NULL REFERENCES account (id),
    month_id        INTEGER NOT NULL REFERENCES levy_month (id),
    base_minor      INTEGER NOT NULL,          -- what came in by trade less what was given back
    at_us           INTEGER NOT NULL,          -- when it is asked for next
    code            TEXT,                      -- why it was refused last
    PRIMARY KEY (account_id, month_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX levy_due_at ON levy_due (at_us, month_id, account_id);

CREATE TABLE levy_charge (                     -- one an account and month
    id              INTEGER PRIMARY KEY,
    month_id        INTEGER NOT NULL REFERENCES levy_month (id),
    account_id      INTEGER NOT NULL REFERENCES account (id),
    base_minor      INTEGER NOT NULL CHECK (base_minor BETWEEN 0 AND 1000000000000000),
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 0 AND 1000000000000000),
    transfer_id     INTEGER UNIQUE REFERENCES transfer (id) CHECK ((transfer_id IS NULL) = (amount_minor = 0)),
    at_us           INTEGER NOT NULL,
    waived          TEXT NOT NULL CHECK ((waived = '') = (transfer_id IS NOT NULL)), -- why it is not asked for
    UNIQUE (account_id, month_id)
) STRICT;
-- Offers and wants: what members have for one another. Versions are facts; `offer` is kept current beside them.
CREATE TABLE offer (
    id              INTEGER PRIMARY KEY,
    member_id       INTEGER NOT NULL REFERENCES member (id),
    kind            TEXT NOT NULL CHECK (kind IN ('offer', 'want')),
    posted_at_us    INTEGER NOT NULL,
    version         INTEGER NOT NULL CHECK (version >= 1), -- the newest
    until_on        INTEGER NOT NULL,          -- of it: the last day it stands open
    open            INTEGER NOT NULL CHECK (open IN (0, 1)) -- 0: closed, erased, or found over by a sweep
) STRICT;
CREATE INDEX offer_member ON offer (member_id, id);
CREATE INDEX offer_open ON offer (id) WHERE open = 1;
CREATE INDEX offer_until ON offer (until_on) WHERE open = 1;

CREATE TABLE offer_version (
    offer_id        INTEGER NOT NULL REFERENCES offer (id),
    version         INTEGER NOT NULL,          -- 1, 2, 3 ...
    currency_id     INTEGER REFERENCES currency (id), -- NULL: the price is by agreement
    price_minor     INTEGER CHECK (price_minor BETWEEN 0 AND 1000000000000000),
    until_on        INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    PRIMARY KEY (offer_id, version),
    CHECK ((currency_id IS NULL) = (price_minor IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE offer_text (                      -- erasable, with the member
    offer_id        INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    category        TEXT NOT NULL,
    title           TEXT NOT NULL,
    words           TEXT NOT NULL,
    unit            TEXT NOT NULL,             -- what the price is for: an hour, a crate
    locality        TEXT NOT NULL,
    PRIMARY KEY (offer_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE offer_close (                     -- at most one an offer
    offer_id        INTEGER PRIMARY KEY REFERENCES offer (id),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;

CREATE TABLE offer_answer (
    id              INTEGER PRIMARY KEY,
    offer_id        INTEGER NOT NULL REFERENCES offer (id),
    member_id       INTEGER NOT NULL REFERENCES member (id), -- who answers
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    UNIQUE (offer_id, member_id)
) STRICT;
CREATE INDEX offer_answer_member ON offer_answer (member_id, id);

CREATE TABLE offer_answer_text (               -- erasable, with who wrote it
    answer_id       INTEGER PRIMARY KEY REFERENCES offer_answer (id),
    words           TEXT NOT NULL
) STRICT;

CREATE TABLE offer_cite (                      -- which payment or request was for it
    kind            TEXT NOT NULL CHECK (kind IN ('transfer', 'request')),
    subject         INTEGER NOT NULL,
    offer_id        INTEGER NOT NULL REFERENCES offer (id),
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_cite_offer ON offer_cite (offer_id);

-- Working index, kept current: the folded words of each newest version. Field 0 is any word of it, 1 the whole
-- category, 2 the whole locality, 3 what matching compares (see ledger/offer_words.c).
CREATE TABLE offer_word (
    offer_id        INTEGER NOT NULL,
    field           INTEGER NOT NULL CHECK (field BETWEEN 0 AND 3),
    word            TEXT NOT NULL,
    PRIMARY KEY (offer_id, field, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_word_found ON offer_word (field, word, offer_id);

-- Early warning: from when on the treasurer wants to be told, in force from a day on. Warnings themselves are not kept.
CREATE TABLE warning_rule (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL CHECK (name IN ('floor-percent', 'ceiling-percent', 'days-ahead', 'idle-days',
                                                  'one-way-days')),
    value           INTEGER NOT NULL CHECK (value BETWEEN 0 AND 400), -- 0: no such warning
    from_on         INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX warning_rule_name ON warning_rule (name, from_on, id);

-- Standing payments: who pays whom again and again, and what became of each due date.

CREATE TABLE standing (
    id              INTEGER PRIMARY KEY,
    payer_id        INTEGER NOT NULL REFERENCES account (id),
    payee_id        INTEGER NOT NULL REFERENCES account (id) CHECK (payee_id <> payer_id),
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000), -- each time; of instalments all
    unit            TEXT NOT NULL CHECK (unit IN ('week', 'month')),
    every           INTEGER NOT NULL CHECK (every BETWEEN 1 AND 52),
    day             INTEGER NOT NULL CHECK (day BETWEEN 0 AND 31), -- of the week, Monday is 1; or of the month, 0 is the last
    first_on        INTEGER NOT NULL,          -- the first due date
    until_on        INTEGER CHECK (until_on >= first_on),
    count           INTEGER CHECK (count BETWEEN 1 AND 1000),
    ordered_at_us   INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    terms_id        INTEGER REFERENCES charge_terms (id), -- of the charge that it pays
    request_id      INTEGER REFERENCES request (id),      -- whose instalments it pays
    CHECK (until_on IS NULL OR count IS NULL),
    CHECK (request_id IS NULL OR (count IS NOT NULL AND count <= amount_minor AND terms_id IS NULL))
) STRICT;
CREATE INDEX standing_request ON standing (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX standing_terms ON standing (terms_id) WHERE terms_id IS NOT NULL;
CREATE INDEX standing_payer ON standing (payer_id, id);
CREATE INDEX standing_payee ON standing (payee_id, id);

CREATE TABLE standing_text (                   -- erasable, with either member
    standing_id     INTEGER PRIMARY KEY REFERENCES standing (id),
    memo            TEXT NOT NULL
) STRICT;

CREATE TABLE standing_change (                 -- the last one of a standing payment says how it stands
    standing_id     INTEGER NOT NULL REFERENCES standing (id),
    sequence        INTEGER NOT NULL CHECK (sequence > 0),
    what            TEXT NOT NULL CHECK (what IN ('paused', 'resumed', 'ended')),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    PRIMARY KEY (standing_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE standing_next (                   -- kept current: of those that are not over, what comes next
    standing_id     INTEGER PRIMARY KEY REFERENCES standing (id),
    number          INTEGER NOT NULL CHECK (number > 0),
    due_on          INTEGER NOT NULL,
    paused          INTEGER NOT NULL CHECK (paused IN (0, 1))
) STRICT;
CREATE INDEX standing_next_due ON standing_next (due_on, standing_id) WHERE paused = 0;

CREATE TABLE standing_occurrence (             -- a due date that was met: paid, refused or passed over
    standing_id     INTEGER NOT NULL REFERENCES standing (id),
    due_on          INTEGER NOT NULL,
    number          INTEGER NOT NULL CHECK (number > 0), -- 1, 2, 3 ... of its standing payment
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    uid             BLOB NOT NULL UNIQUE CHECK (length(uid) = 16), -- that of its payment in the register
    skipped         INTEGER NOT NULL CHECK (skipped IN (0, 1)),    -- it fell into a pause
    at_us           INTEGER NOT NULL,
    PRIMARY KEY (standing_id, due_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE standing_attempt (                -- of paying a due date; at most one that stands pays it
    id              INTEGER PRIMARY KEY,
    standing_id     INTEGER NOT NULL,
    due_on          INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,
    code            TEXT NOT NULL,             -- of the refusal, '' when it was paid
    transfer_id     INTEGER REFERENCES transfer (id) CHECK ((transfer_id IS NULL) = (code <> '')),
    actor           TEXT NOT NULL,
    FOREIGN KEY (standing_id, due_on) REFERENCES standing_occurrence (standing_id, due_on)
) STRICT;
CREATE INDEX standing_attempt_of ON standing_attempt (standing_id, due_on, id);

CREATE TABLE standing_retry (                  -- kept current: refused due dates that are tried again
    standing_id     INTEGER NOT NULL,
    due_on          INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,          -- when
    last_on         INTEGER NOT NULL,          -- on that day or later for the last time
    PRIMARY KEY (standing_id, due_on),
    FOREIGN KEY (standing_id, due_on) REFERENCES standing_occurrence (standing_id, due_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_retry_at ON standing_retry (at_us, due_on, standing_id);

-- Requests for payment, which serve as invoices, and the credit notes that correct them.
CREATE TABLE request (
    id              INTEGER PRIMARY KEY,
    payee_id        INTEGER NOT NULL REFERENCES member (id), -- who asks
    number          INTEGER NOT NULL CHECK (number BETWEEN 1 AND 1000000000000), -- the payee's own: 1, 2, 3 ...
    payer_id        INTEGER NOT NULL REFERENCES member (id) CHECK (payer_id <> payee_id),
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    kind            TEXT NOT NULL CHECK (kind IN ('invoice', 'credit-note')),
    corrects_id     INTEGER REFERENCES request (id),
    issued_on       INTEGER NOT NULL,          -- the day it bears, no later than that of asking
    supplied_on     INTEGER NOT NULL,
    due_on          INTEGER NOT NULL CHECK (due_on >= supplied_on),
    expires_on      INTEGER,                   -- the last day on which it is accepted by one word
    net_minor       INTEGER NOT NULL,
    tax_minor       INTEGER NOT NULL,
    gross_minor     INTEGER NOT NULL CHECK (gross_minor BETWEEN 1 AND 1000000000000000),
    ledger_minor    INTEGER NOT NULL CHECK (ledger_minor BETWEEN 0 AND gross_minor), -- of the gross: due in the currency
    outside_unit    TEXT,                      -- GBP, EUR ...: the rest is payable in that
    outside_minor   INTEGER NOT NULL CHECK (outside_minor BETWEEN 0 AND 1000000000000000), -- hundredths of that unit
    value_micro     INTEGER CHECK (value_micro BETWEEN 1 AND 1000000000000000), -- the equivalent that this rests on
    asked_at_us     INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    UNIQUE (payee_id, number),
    CHECK (issued_on <= asked_at_us / 86400000000 + 1), -- a zone may be a day ahead of UTC
    CHECK (gross_minor = net_minor + tax_minor),
    CHECK ((kind = 'credit-note') = (corrects_id IS NOT NULL)),
    CHECK ((outside_unit IS NULL) = (outside_minor = 0)),
    CHECK ((outside_unit IS NULL) = (value_micro IS NULL))
) STRICT;
CREATE INDEX request_payee ON request (payee_id, id);
CREATE INDEX request_payer ON request (payer_id, id);
CREATE INDEX request_corrects ON request (corrects_id) WHERE corrects_id IS NOT NULL;

CREATE TABLE request_line (
    request_id      INTEGER NOT NULL REFERENCES request (id),
    line            INTEGER NOT NULL CHECK (line BETWEEN 1 AND 10000),
    quantity_milli  INTEGER NOT NULL CHECK (quantity_milli BETWEEN 1 AND 1000000000000), -- thousandths
    price_minor     INTEGER NOT NULL CHECK (price_minor BETWEEN -1000000000000000 AND 1000000000000000), -- of one, net
    tax_points      INTEGER NOT NULL CHECK (tax_points BETWEEN 0 AND 10000), -- hundredths of a percent
    net_minor       INTEGER NOT NULL,
    PRIMARY KEY (request_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE request_rate (                    -- what the lines of one tax rate come to
    request_id      INTEGER NOT NULL REFERENCES request (id),
    tax_points      INTEGER NOT NULL CHECK (tax_points BETWEEN 0 AND 10000),
    net_minor       INTEGER NOT NULL,
    tax_minor       INTEGER NOT NULL,
    PRIMARY KEY (request_id, tax_points)
) STRICT, WITHOUT ROWID;

CREATE TABLE request_text (                    -- erasable, by itself or with either member
    request_id      INTEGER PRIMARY KEY REFERENCES request (id),
    note            TEXT NOT NULL,
    reference       TEXT NOT NULL              -- the payer's: an order number
) STRICT;

CREATE TABLE request_line_text (               -- erasable, likewise
    request_id      INTEGER NOT NULL REFERENCES request (id),
    line            INTEGER NOT NULL,
    words           TEXT NOT NULL,
    PRIMARY KEY (request_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE request_event (                   -- what became of it, in order; its sums are what is open
    id              INTEGER PRIMARY KEY,
    request_id      INTEGER NOT NULL REFERENCES request (id),
    kind            TEXT NOT NULL CHECK (kind IN ('paid', 'matched', 'reversed', 'paid-outside', 'unpaid-outside', 'refunded',
                                                  'credited', 'declined', 'withdrawn', 'disputed', 'resolved')),
    ledger_minor    INTEGER NOT NULL,          -- minus: so much less is open
    outside_minor   INTEGER NOT NULL,
    transfer_id     INTEGER REFERENCES transfer (id), -- a transfer pays, or takes back, at most once
    credit_id       INTEGER REFERENCES request (id),  -- the credit note; of a refund the one that says what for
    at_us           INTEGER NOT NULL,          -- that of its transfer, where it has one and did not come to count later
    actor           TEXT NOT NULL,
    CHECK ((kind IN ('paid', 'matched', 'reversed', 'refunded')) = (transfer_id IS NOT NULL)),
    CHECK ((kind IN ('credited', 'refunded')) = (credit_id IS NOT NULL)),
    CHECK (kind NOT IN ('paid', 'matched', 'credited', 'declined', 'withdrawn') OR ledger_minor + outside_minor < 0),
    CHECK (kind NOT IN ('reversed', 'refunded') OR ledger_minor > 0)
) STRICT;
CREATE INDEX request_event_request ON request_event (request_id, id);
-- Only a refund may count in parts, for several credit notes.
CREATE UNIQUE INDEX request_event_transfer ON request_event (transfer_id, coalesce(credit_id, 0)) WHERE transfer_id IS NOT NULL;
CREATE UNIQUE INDEX request_event_credit ON request_event (credit_id) WHERE kind = 'credited';

CREATE TABLE request_event_text (              -- erasable, with the request's words
    event_id        INTEGER PRIMARY KEY REFERENCES request_event (id),
    words           TEXT NOT NULL
) STRICT;

CREATE TABLE request_open (                    -- kept current: of which something is not paid, and how much
    request_id      INTEGER PRIMARY KEY REFERENCES request (id),
    payee_id        INTEGER NOT NULL,
    payer_id        INTEGER NOT NULL,
    due_on          INTEGER NOT NULL,
    ledger_minor    INTEGER NOT NULL CHECK (ledger_minor >= 0),
    outside_minor   INTEGER NOT NULL CHECK (outside_minor >= 0),
    disputed        INTEGER NOT NULL CHECK (disputed IN (0, 1)),
    CHECK (ledger_minor + outside_minor > 0)
) STRICT;
CREATE INDEX request_open_payee ON request_open (payee_id, request_id);
CREATE INDEX request_open_payer ON request_open (payer_id, request_id);

-- Charges: what a member offers for so much each week or month; whoever agrees pays it by a standing payment.

CREATE TABLE charge (
    id              INTEGER PRIMARY KEY,
    payee_id        INTEGER NOT NULL REFERENCES account (id),
    unit            TEXT NOT NULL CHECK (unit IN ('week', 'month')),
    every           INTEGER NOT NULL CHECK (every BETWEEN 1 AND 52),
    day             INTEGER CHECK (day BETWEEN 0 AND 31), -- as of a standing payment; NULL: that of each agreement's start
    offered_at_us   INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX charge_payee ON charge (payee_id, id);

CREATE TABLE charge_text (                     -- erasable, with the member
    charge_id       INTEGER PRIMARY KEY REFERENCES charge (id),
    title           TEXT NOT NULL,
    words           TEXT NOT NULL
) STRICT;

CREATE TABLE charge_terms (                    -- the newest is what it costs; an agreement keeps its own
    id              INTEGER PRIMARY KEY,
    charge_id       INTEGER NOT NULL REFERENCES charge (id),
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX charge_terms_charge ON charge_terms (charge_id, id);

CREATE TABLE charge_withdrawal (               -- offered no more; at most one a charge
    charge_id       INTEGER PRIMARY KEY REFERENCES charge (id),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;

-- What a default costs whom.

CREATE TABLE guarantee (                       -- the order in which a default is paid; the newest of a currency is in force
    id              INTEGER PRIMARY KEY,
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    weight          TEXT NOT NULL CHECK (weight IN ('equal', 'balance', 'limit')), -- how members share, pro rata of what
    cap_minor       INTEGER NOT NULL CHECK (cap_minor BETWEEN 0 AND 1000000000000000), -- a member's in a year; 0: none
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX guarantee_currency ON guarantee (currency_id, id);

CREATE TABLE guarantee_step (
    guarantee_id    INTEGER NOT NULL REFERENCES guarantee (id),
    step            INTEGER NOT NULL CHECK (step BETWEEN 1 AND 8),
    account_id      INTEGER REFERENCES account (id), -- a fund's; NULL: the members share
    points          INTEGER NOT NULL CHECK (points BETWEEN 1 AND 10000), -- of the loss at most, basis points
    to_limit        INTEGER NOT NULL CHECK (to_limit IN (0, 1)), -- down to the fund's floor, not to zero
    PRIMARY KEY (guarantee_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE declared_default (
    id              INTEGER PRIMARY KEY,
    account_id      INTEGER NOT NULL REFERENCES account (id),
    owed_minor      INTEGER NOT NULL CHECK (owed_minor BETWEEN 1 AND 1000000000000000), -- then
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;
CREATE INDEX declared_default_account ON declared_default (account_id, id);

CREATE TABLE default_end (                     -- covered or withdrawn; at most one a default
    default_id      INTEGER PRIMARY KEY REFERENCES declared_default (id),
    guarantee_id    INTEGER REFERENCES guarantee (id), -- by which order it was covered; NULL: withdrawn
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 0 AND 1000000000000000),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    CHECK ((guarantee_id IS NULL) = (amount_minor = 0))
) STRICT;

CREATE TABLE default_share (                   -- who bore it
    default_id      INTEGER NOT NULL REFERENCES default_end (default_id) DEFERRABLE INITIALLY DEFERRED,
    account_id      INTEGER NOT NULL REFERENCES account (id),
    step            INTEGER NOT NULL CHECK (step BETWEEN 1 AND 8),
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    transfer_id     INTEGER NOT NULL REFERENCES transfer (id), -- a member's own, or the one that covers
    PRIMARY KEY (default_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX default_share_account ON default_share (account_id, default_id);

CREATE TABLE default_recovery (                -- paid later, and given back
    id              INTEGER PRIMARY KEY,
    default_id      INTEGER NOT NULL REFERENCES default_end (default_id),
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    transfer_id     INTEGER NOT NULL REFERENCES transfer (id),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;
CREATE INDEX default_recovery_default ON default_recovery (default_id, id);

CREATE TABLE default_recovery_share (
    recovery_id     INTEGER NOT NULL REFERENCES default_recovery (id) DEFERRABLE INITIALLY DEFERRED,
    account_id      INTEGER NOT NULL REFERENCES account (id),
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    transfer_id     INTEGER NOT NULL REFERENCES transfer (id),
    PRIMARY KEY (recovery_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE write_off (                       -- each debt that was written off, also those of before
    transfer_id     INTEGER PRIMARY KEY REFERENCES transfer (id),
    account_id      INTEGER NOT NULL REFERENCES account (id), -- whose debt it was
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    default_id      INTEGER UNIQUE REFERENCES declared_default (id)
) STRICT;

INSERT INTO write_off (transfer_id, account_id, amount_minor)
SELECT t.id, e.account_id, e.amount_minor FROM transfer t JOIN entry e ON e.transfer_id = t.id
 WHERE t.kind = 'write-off' AND e.amount_minor > 0 ORDER BY t.id;

CREATE TABLE notice_follow (                   -- kept current: how far the journal was read for payments to tell of
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    transfer_id     INTEGER NOT NULL,
    account_id      INTEGER NOT NULL,          -- and which account was the last that was looked at for its limits
    lots_on         INTEGER                    -- and the day that was the last whose lots' ends were told; NULL: none
) STRICT;
INSERT INTO notice_follow (id, transfer_id, account_id) SELECT 1, coalesce(max(id), 0), 0 FROM transfer;

CREATE TABLE notice_near (                     -- kept current: who was told that it is beyond a soft limit, and still is
    account_id      INTEGER NOT NULL REFERENCES account (id),
    side            TEXT NOT NULL CHECK (side IN ('floor', 'ceiling')),
    PRIMARY KEY (account_id, side)
) STRICT, WITHOUT ROWID;

-- Kept current: how far each mailbox and webhook has been told, and when it is tried next.
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY,
    member_id       INTEGER NOT NULL REFERENCES member (id),
    channel         TEXT NOT NULL CHECK (channel IN ('mail', 'webhook')),
    salt            BLOB CHECK (length(salt) = 32), -- of a webhook: its secret is derived from the node's key and this,
    mask            BLOB CHECK (length(mask) = 32), -- and these bits are turned in it: none until the node's key is changed
    hash            BLOB CHECK (length(hash) = 32), -- the secret's SHA-256
    mode            TEXT NOT NULL CHECK (mode IN ('each', 'daily', 'none')),
    since_us        INTEGER NOT NULL,          -- payments before that are not told
    notice_id       INTEGER NOT NULL,          -- told up to here, or given up
    tries           INTEGER NOT NULL CHECK (tries >= 0), -- of what comes next; these in vain
    first_try_us    INTEGER,
    next_us         INTEGER NOT NULL,          -- not before
    code            TEXT NOT NULL,             -- what the last try met: exit-75, http-500, private ...; '' for none
    CHECK ((tries = 0) = (first_try_us IS NULL)),
    CHECK ((channel = 'webhook') = (salt IS NOT NULL)),
    CHECK ((channel = 'webhook') = (mask IS NOT NULL)),
    CHECK ((channel = 'webhook') = (hash IS NOT NULL))
) STRICT;
CREATE INDEX outbox_member ON outbox (member_id, id);
CREATE UNIQUE INDEX outbox_mail ON outbox (member_id) WHERE channel = 'mail';

CREATE TABLE outbox_text (                     -- kept current: where to; goes with its member, or when it is not wanted
    outbox_id       INTEGER PRIMARY KEY REFERENCES outbox (id),
    address         TEXT NOT NULL
) STRICT;

CREATE TABLE outbox_kind (                     -- kept current: which kinds are wanted there
    outbox_id       INTEGER NOT NULL REFERENCES outbox (id),
    kind            TEXT NOT NULL,
    PRIMARY KEY (outbox_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE undelivered (                     -- what was given up after many tries
    id              INTEGER PRIMARY KEY,
    outbox_id       INTEGER NOT NULL REFERENCES outbox (id),
    after_id        INTEGER NOT NULL,          -- the notices after this one
    notice_id       INTEGER NOT NULL CHECK (notice_id > after_id), -- up to this one
    tries           INTEGER NOT NULL CHECK (tries > 0),
    at_us           INTEGER NOT NULL,
    code            TEXT NOT NULL
) STRICT;
CREATE INDEX undelivered_outbox ON undelivered (outbox_id, id);

-- Pre-approvals: a member lets a payee collect what it asks for, up to so much.

CREATE TABLE preapproval (
    id              INTEGER PRIMARY KEY,
    payer_id        INTEGER NOT NULL REFERENCES member (id),
    payee_id        INTEGER NOT NULL REFERENCES member (id) CHECK (payee_id <> payer_id),
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    each_minor      INTEGER NOT NULL CHECK (each_minor BETWEEN 1 AND 1000000000000000),      -- a request
    month_minor     INTEGER NOT NULL CHECK (month_minor BETWEEN each_minor AND 1000000000000000), -- a month of the node
    until_on        INTEGER,                   -- the last day; NULL: until it is revoked
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX preapproval_payer ON preapproval (payer_id, payee_id, currency_id, id);
CREATE INDEX preapproval_payee ON preapproval (payee_id, id);

CREATE TABLE preapproval_end (                 -- revoked; at most once
    preapproval_id  INTEGER PRIMARY KEY REFERENCES preapproval (id),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;

CREATE TABLE preapproval_use (                 -- a request that it accepted
    request_id      INTEGER PRIMARY KEY REFERENCES request (id),
    preapproval_id  INTEGER NOT NULL REFERENCES preapproval (id),
    transfer_id     INTEGER NOT NULL UNIQUE REFERENCES transfer (id),
    month_on        INTEGER NOT NULL,          -- the first day of the month that it counts to
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000)
) STRICT;
CREATE INDEX preapproval_use_month ON preapproval_use (preapproval_id, month_on);

-- What moves of a booking have kept of it: a cancellation after them gives back no more than the rest.
ALTER TABLE booking ADD COLUMN kept_minor INTEGER NOT NULL DEFAULT 0 CHECK (kept_minor BETWEEN 0 AND 1000000000000000);
ALTER TABLE booking_change ADD COLUMN kept_minor INTEGER NOT NULL DEFAULT 0 CHECK (kept_minor BETWEEN 0 AND 1000000000000000);

-- Whose words stand in a kept answer: the answer goes with the first of them that is erased. Never the words.
CREATE TABLE register_answer_of (
    seq             INTEGER NOT NULL REFERENCES register (seq),
    kind            TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32), -- an erasure's; or outbox, whose address it tells
    subject         INTEGER NOT NULL,
    PRIMARY KEY (seq, kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX register_answer_of_whose ON register_answer_of (kind, subject, seq);

-- What was kept before spoke of one member, and may name others. Who was erased is not found in it by name any
-- more: all that was kept before the last such erasure goes.
DELETE FROM register_answer WHERE seq IN
    (SELECT seq FROM register WHERE at_us < (SELECT max(at_us) FROM erasure WHERE kind = 'member'));
INSERT INTO register_answer_of (seq, kind, subject)
SELECT seq, 'member', member_id FROM register_answer WHERE member_id IS NOT NULL UNION
SELECT a.seq, 'member', i.member_id FROM register_answer a JOIN json_tree(a.answer) j ON j.type = 'text'
    JOIN member_identity i ON i.handle = j.value WHERE json_valid(a.answer) UNION
SELECT a.seq, 'member', i.member_id FROM register_answer a JOIN json_tree(a.answer) j ON j.key = 'detail' -- a batch's refusals
    JOIN member_identity i ON instr(j.value, i.handle) > 0 WHERE json_valid(a.answer) UNION
SELECT a.seq, 'member', c.provider_id FROM register_answer a JOIN register r ON r.seq = a.seq JOIN enrolment e ON e.id = r.subject
    JOIN session s ON s.id = e.session_id JOIN course c ON c.id = s.course_id
    WHERE r.operation GLOB 'enrolment.*' OR r.operation = 'attendance.confirm' UNION
SELECT r.seq, 'booking', r.subject FROM register r JOIN register_answer a ON a.seq = r.seq WHERE r.operation GLOB 'booking.*';
CREATE TABLE aside AS SELECT seq, answer FROM register_answer;
DROP TABLE register_answer;
CREATE TABLE register_answer (                 -- erasable; answers that are not read again from rows that never change
    seq             INTEGER PRIMARY KEY REFERENCES register (seq),
    answer          TEXT NOT NULL
) STRICT;
INSERT INTO register_answer (seq, answer) SELECT seq, answer FROM aside ORDER BY seq;
DROP TABLE aside;
