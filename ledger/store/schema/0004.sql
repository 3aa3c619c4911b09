-- 0004.sql - how co-ops trade: requests for payment, standing payments, offers and wants, notices.

-- Notices: what a member is told, in order. Never what somebody wrote: a kind, a number, a time.
CREATE TABLE notice (
    id              INTEGER PRIMARY KEY,       -- dense
    member_id       INTEGER NOT NULL REFERENCES member (id), -- who is told
    kind            TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 24), -- paid, asked, standing-refused ...
    subject_id      INTEGER NOT NULL,          -- its number among what the kind is about
    at_us           INTEGER NOT NULL
) STRICT;
CREATE INDEX notice_member ON notice (member_id, id);

-- How far ahead the dates of a series may lie; 0: as far as any booking (horizon_days).
ALTER TABLE resource_terms ADD COLUMN series_days INTEGER NOT NULL DEFAULT 0 CHECK (series_days BETWEEN 0 AND 731);
