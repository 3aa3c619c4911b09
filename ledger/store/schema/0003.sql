-- 0003.sql - what members share: rooms and desks, courses, training credits.

-- A hold that belongs to something else ends with it, and is nobody's to capture or release by itself.
CREATE TABLE hold_owner (
    hold_id         INTEGER PRIMARY KEY REFERENCES hold (id),
    kind            TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 20), -- booking, enrolment, placement ...
    subject_id      INTEGER NOT NULL           -- its number among those
) STRICT;
CREATE INDEX hold_owner_subject ON hold_owner (kind, subject_id);
