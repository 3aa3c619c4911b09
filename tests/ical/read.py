#!/usr/bin/python3
"""read.py FILE: the events of a calendar, one a line, as python3-icalendar understands them."""
import sys
from icalendar import Calendar

with open(sys.argv[1], "rb") as file:
    text = file.read()
assert text.endswith(b"END:VCALENDAR\r\n") and b"\n" not in text.replace(b"\r\n", b""), "line ends"
assert all(len(line) <= 75 for line in text.split(b"\r\n")), "a line longer than 75 octets"
calendar = Calendar.from_ical(text)
assert not calendar.errors, calendar.errors
assert str(calendar["VERSION"]) == "2.0" and calendar["PRODID"] and calendar["METHOD"] == "PUBLISH"
seen = set()
for event in calendar.walk("VEVENT"):
    assert not event.errors, event.errors
    for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY"):
        assert name in event, name
    assert event["UID"] not in seen
    seen.add(event["UID"])
    start, end = event.decoded("DTSTART"), event.decoded("DTEND")
    assert start < end and start.tzinfo is not None
    print(f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}", event["SEQUENCE"], event["STATUS"],
          str(event["SUMMARY"]))
