#include "rows.h"

#include "ledger/enrolment.h"

#define COURSE_WORDS                                                                               \
    {.name = "description",                                                                        \
     .type = API_TEXT,                                                                             \
     .help = "what is learned, and for whom",                                                      \
     .max = LEDGER_DESCRIPTION_MAX},                                                               \
        {.name = "language",                                                                       \
         .type = API_TEXT,                                                                         \
         .help = "en, de …; en unless told",                                                       \
         .max = LEDGER_LANGUAGE_MAX},                                                              \
    {                                                                                              \
        .name = "threshold", .type = API_INTEGER,                                                  \
        .help = "how much of a session one must attend, in percent; 80 unless told", .max = 100    \
    }

PARAMS(params_course_add,
       {.name = "provider",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_OWN,
        .help = "who teaches and is paid"},
       {.name = "title",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "its title",
        .max = LEDGER_NAME_MAX},
       COURSE_WORDS);
PARAMS(params_course_edit, ID("course"),
       {.name = "title", .type = API_TEXT, .help = "its title", .max = LEDGER_NAME_MAX},
       COURSE_WORDS);
PARAMS(params_course, ID("course"));
PARAMS(params_course_list, {.name = "provider", .type = API_HANDLE, .help = "only this member's"},
       API_PAGE_PARAMS);
PARAMS(params_session_add,
       {.name = "course",
        .type = API_INTEGER,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "the number of the course"},
       {.name = "starts",
        .type = API_LOCAL,
        .flags = API_REQUIRED,
        .help = "local time there, 2026-12-01T18:00"},
       {.name = "ends", .type = API_LOCAL, .flags = API_REQUIRED, .help = "local time there"},
       {.name = "zone",
        .type = API_TEXT,
        .help = "its time zone, the ledger's unless told",
        .max = LEDGER_ZONE_MAX},
       {.name = "fold",
        .type = API_CHOICE,
        .help = "which of two, where clocks go back and a time comes twice",
        .choices = "earlier|later"},
       {.name = "capacity", .type = API_INTEGER, .flags = API_REQUIRED, .help = "how many places"},
       {.name = "minimum",
        .type = API_INTEGER,
        .help = "called off when fewer are enrolled at the end of signing up"},
       {.name = "price", .type = API_AMOUNT, .help = "of one place; none: a gathering, free"},
       {.name = "currency", .type = API_CURRENCY, .help = "of the price"},
       {.name = "also_price", .type = API_AMOUNT, .help = "a second price, in another currency"},
       {.name = "also_currency", .type = API_CURRENCY, .help = "of the second price"},
       {.name = "place", .type = API_TEXT, .help = "where to meet", .max = LEDGER_MEMO_MAX},
       {.name = "link",
        .type = API_TEXT,
        .help = "where to meet online; seen by who is enrolled",
        .max = LEDGER_LINK_MAX},
       {.name = "trainers",
        .type = API_TEXT,
        .help = "members who teach, separated by commas; the provider unless told",
        .max = LEDGER_TRAINERS_MAX * (LEDGER_HANDLE_MAX + 1)},
       {.name = "sign_up_from", .type = API_LOCAL, .help = "from when on one may enrol; now"},
       {.name = "sign_up_until", .type = API_LOCAL, .help = "until when; until it begins"},
       {.name = "offer_for",
        .type = API_DURATION,
        .help = "how long a place is offered to who waits; 24h unless told"});
PARAMS(params_session_list, {.name = "course", .type = API_INTEGER, .help = "only of this course"},
       {.name = "all", .type = API_FLAG, .help = "those that are over too"}, API_PAGE_PARAMS);
PARAMS(params_session, ID("session"));
PARAMS(params_session_reason, ID("session"), REASON);
PARAMS(params_session_capacity, ID("session"),
       {.name = "capacity",
        .type = API_INTEGER,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "how many places"},
       REASON);
PARAMS(params_session_notes, ID("session"),
       {.name = "link",
        .type = API_TEXT,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "where the notes are",
        .max = LEDGER_LINK_MAX});
PARAMS(params_enrol,
       {.name = "session",
        .type = API_INTEGER,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "the number of the session"},
       {.name = "member",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_OWN,
        .help = "who takes part and pays"},
       {.name = "places", .type = API_INTEGER, .help = "how many people, 1 unless told"},
       {.name = "name",
        .type = API_TEXT,
        .help = "an assumed name, for the provider",
        .max = LEDGER_NAME_MAX},
       {.name = "note", .type = API_TEXT, .help = "for the provider", .max = LEDGER_MEMO_MAX},
       {.name = "wait", .type = API_FLAG, .help = "stand in the waiting list when it is full"});
PARAMS(params_enrolment, ID("enrolment"));
PARAMS(
    params_enrolment_cancel, ID("enrolment"),
    {.name = "reason", .type = API_TEXT, .help = "why; kept for ever", .max = LEDGER_REASON_MAX});
PARAMS(params_enrolment_list,
       {.name = "session", .type = API_INTEGER, .help = "only in this session"},
       {.name = "member", .type = API_HANDLE, .help = "only this member's"},
       {.name = "provider", .type = API_HANDLE, .help = "only in this member's sessions"},
       API_PAGE_PARAMS);
PARAMS(params_confirm, ID("enrolment"),
       {.name = "minutes",
        .type = API_INTEGER,
        .help = "attended; the whole session unless told",
        .max = 1000000},
       {.name = "places",
        .type = API_INTEGER,
        .help = "how many of the party came, all unless told"},
       {.name = "absent", .type = API_FLAG, .help = "nobody came"});
PARAMS(params_pending,
       {.name = "days",
        .type = API_INTEGER,
        .help = "over for so many days, 7 unless told",
        .max = 1000},
       API_PAGE_PARAMS);

PARAMS(params_training,
       {.name = "from",
        .type = API_DATE,
        .help = "sessions that begin on or after this day, the first of the year unless told"},
       {.name = "to", .type = API_DATE, .help = "and on or before this day, today unless told"},
       MEMBER_IF, API_PAGE_PARAMS);

COLUMNS(shows_course, {"course", "No.", true}, {"title", "Title"}, {"provider", "Provider"},
        {"language", "Language"}, {"threshold", "Threshold %", true}, {"version", "Version", true},
        {"description", "Description"});
COLUMNS(shows_courses, {"course", "No.", true}, {"title", "Title"}, {"provider", "Provider"},
        {"language", "Language"});
COLUMNS(shows_versions, {"version", "Version", true}, {"since", "Since"}, {"title", "Title"},
        {"language", "Language"}, {"threshold", "Threshold %", true});
COLUMNS(shows_session, {"session", "No.", true}, {"course", "Course", true}, {"title", "Title"},
        {"provider", "Provider"}, {"trainers", "Trainers"}, {"state", "State"},
        {"starts", "Starts"}, {"ends", "Ends"}, {"zone", "Time zone"}, {"place", "Place"},
        {"link", "Link"}, {"prices", "Price"}, {"capacity", "Capacity", true},
        {"minimum", "Minimum", true}, {"enrolled", "Enrolled", true}, {"going", "Going", true},
        {"offered", "Offered", true}, {"waiting", "Waiting", true}, {"free", "Free", true},
        {"sign_up_until", "Sign up until"}, {"notes", "Notes"}, {"reason", "Reason"});
COLUMNS(shows_sessions, {"session", "No.", true}, {"title", "Title"}, {"provider", "Provider"},
        {"starts", "Starts"}, {"ends", "Ends"}, {"zone", "Time zone"}, {"state", "State"},
        {"prices", "Price"}, {"capacity", "Capacity", true}, {"free", "Free", true});
COLUMNS(shows_enrolment, {"enrolment", "No.", true}, {"session", "Session", true},
        {"title", "Title"}, {"starts", "Starts"}, {"zone", "Time zone"}, {"member", "Member"},
        {"name", "Name"}, {"state", "State"}, {"queue", "Queue"}, {"offer_until", "Offer until"},
        {"places", "Places", true}, {"held", "Held"}, {"minutes", "Minutes", true},
        {"attended", "Attended", true}, {"paid", "Paid"}, {"note", "Note"}, {"reason", "Reason"});
COLUMNS(shows_enrolments, {"enrolment", "No.", true}, {"session", "Session", true},
        {"title", "Title"}, {"starts", "Starts"}, {"member", "Member"}, {"name", "Name"},
        {"state", "State"}, {"places", "Places", true}, {"held", "Held"}, {"paid", "Paid"});
COLUMNS(shows_waitlist_head, {"session", "Session", true}, {"title", "Title"},
        {"capacity", "Capacity", true}, {"free", "Free", true});
COLUMNS(shows_waitlist, {"position", "Place", true}, {"enrolment", "No.", true}, {"queue", "Queue"},
        {"member", "Member"}, {"name", "Name"}, {"places", "Places", true},
        {"offer_until", "Offer until"});
COLUMNS(shows_explain, {"enrolment", "No.", true}, {"session", "Session", true}, {"queue", "Queue"},
        {"next", "Next"}, {"position", "Position", true}, {"ahead", "Places ahead", true},
        {"places", "Places", true}, {"free", "Free", true}, {"why", "Why"});
COLUMNS(shows_pending, {"enrolment", "No.", true}, {"session", "Session", true}, {"title", "Title"},
        {"ended", "Ended"}, {"provider", "Provider"}, {"member", "Member"},
        {"places", "Places", true}, {"held", "Held"}, {"held_until", "Held until"},
        {"renewal_refused", "Renewal"});

COLUMNS(shows_hours, {"member", "Member"}, {"taught", "Hours taught", true},
        {"sessions", "Sessions", true}, {"learned", "Hours learned", true},
        {"people", "People", true});
COLUMNS(shows_filled, {"provider", "Provider"}, {"sessions", "Sessions", true},
        {"cancelled", "Called off", true}, {"capacity", "Places", true}, {"taken", "Taken", true},
        {"filled", "Filled %", true}, {"came", "Came", true});

const struct api_operation api_operations_course[] = {
    {"course.add", "POST", "/courses", "course add", NULL, "Offer a course", API_PAYERS, API_WRITE,
     params_course_add, shows_course, NULL, NULL, op_course_add, NULL},
    {"course.edit", "POST", "/courses/{id}/versions", "course edit", NULL,
     "Change what a course says; sessions keep the threshold they were added under", API_PAYERS,
     API_WRITE, params_course_edit, shows_course, NULL, NULL, op_course_edit, NULL},
    {"course.list", "GET", "/courses", "course list", NULL, "List the courses", API_EVERYBODY,
     API_READ, params_course_list, NULL, shows_courses, NULL, op_course_list, NULL},
    {"course.show", "GET", "/courses/{id}", "course show", NULL, "Show a course and its versions",
     API_EVERYBODY, API_READ, params_course, shows_course, shows_versions, NULL, op_course_show,
     NULL},

    {"session.add", "POST", "/courses/{course}/sessions", "session add", NULL,
     "Add a session to a course, or a gathering without a price", API_PAYERS, API_WRITE,
     params_session_add, shows_session, NULL, NULL, op_session_add, NULL},
    {"session.list", "GET", "/sessions", "session list", NULL, "List sessions by their start",
     API_EVERYBODY, API_READ, params_session_list, NULL, shows_sessions, NULL, op_session_list,
     NULL},
    {"session.show", "GET", "/sessions/{id}", "session show", NULL, "Show a session", API_EVERYBODY,
     API_READ, params_session, shows_session, NULL, NULL, op_session_show, NULL},
    {"session.cancel", "POST", "/sessions/{id}/cancellation", "session cancel", NULL,
     "Call a session off: every hold of it is released", API_PAYERS, API_WRITE,
     params_session_reason, shows_session, NULL, NULL, op_session_cancel, NULL},
    {"session.capacity", "POST", "/sessions/{id}/capacity", "session capacity", NULL,
     "Change how many places a session has, not below those taken", API_PAYERS, API_WRITE,
     params_session_capacity, shows_session, NULL, NULL, op_session_capacity, NULL},
    {"session.notes", "POST", "/sessions/{id}/notes", "session notes", NULL,
     "Link the notes of a session, for those who took part", API_PAYERS, API_WRITE,
     params_session_notes, shows_session, NULL, NULL, op_session_notes, NULL},

    {"enrolment.add", "POST", "/enrolments", "enrolment add", "enrol",
     "Take a place in a session, with a hold for its price", API_PAYERS, API_WRITE, params_enrol,
     shows_enrolment, NULL, NULL, op_enrolment_add, NULL},
    {"enrolment.list", "GET", "/enrolments", "enrolment list", NULL,
     "List enrolments, as the parties see them", API_EVERYBODY, API_READ, params_enrolment_list,
     NULL, shows_enrolments, NULL, op_enrolment_list, NULL},
    {"enrolment.show", "GET", "/enrolments/{id}", "enrolment show", NULL, "Show an enrolment",
     API_EVERYBODY, API_READ, params_enrolment, shows_enrolment, NULL, NULL, op_enrolment_show,
     NULL},
    {"enrolment.cancel", "POST", "/enrolments/{id}/cancellation", "enrolment cancel", NULL,
     "Give a place up, or take it back as the provider: its hold is released", API_PAYERS,
     API_WRITE, params_enrolment_cancel, shows_enrolment, NULL, NULL, op_enrolment_cancel, NULL},
    {"enrolment.accept-offer", "POST", "/enrolments/{id}/acceptance", "enrolment accept-offer",
     NULL, "Take the place that is offered to who waits", API_PAYERS, API_WRITE, params_enrolment,
     shows_enrolment, NULL, NULL, op_enrolment_accept, NULL},
    {"waitlist.list", "GET", "/sessions/{id}/waitlist", "waitlist list", NULL,
     "List who waits for a place, in order", API_EVERYBODY, API_READ, params_session,
     shows_waitlist_head, shows_waitlist, NULL, op_waitlist_list, NULL},
    {"waitlist.explain", "GET", "/enrolments/{id}/waitlist", "waitlist explain", NULL,
     "Say why an enrolment is or is not next", API_EVERYBODY, API_READ, params_enrolment,
     shows_explain, NULL, NULL, op_waitlist_explain, NULL},
    {"attendance.confirm", "POST", "/enrolments/{id}/attendance", "attendance confirm", NULL,
     "Confirm who was there; only then is the provider paid", API_PAYERS, API_WRITE, params_confirm,
     shows_enrolment, NULL, NULL, op_attendance_confirm, NULL},
    {"attendance.pending", "GET", "/attendance/pending", "attendance pending", NULL,
     "List what was held days ago and nobody has confirmed", API_EVERYBODY, API_READ,
     params_pending, NULL, shows_pending, NULL, op_attendance_pending, NULL},

    {"training.hours", "GET", "/training/hours", "training hours", NULL,
     "Report the hours that members taught and learned, as confirmed", API_EVERYBODY, API_READ,
     params_training, NULL, shows_hours, NULL, op_training_hours, NULL},
    {"training.places", "GET", "/training/places", "training places", NULL,
     "Report how many places providers filled", API_EVERYBODY, API_READ, params_training, NULL,
     shows_filled, NULL, op_training_places, NULL},

    {.name = NULL, .next = api_operations_credits},
};
