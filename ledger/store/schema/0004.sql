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

-- How far ahead the dates of a series may lie; 0: as far as any booking (horizon_days).
ALTER TABLE resource_terms ADD COLUMN series_days INTEGER NOT NULL DEFAULT 0 CHECK (series_days BETWEEN 0 AND 731);
