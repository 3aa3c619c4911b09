/*
 * watch.h - what the store does that takes time, told to whoever has a clock: the engine has none.
 */
#ifndef LEDGER_WATCH_H
#define LEDGER_WATCH_H

enum ledger_watch_event {
    LEDGER_LOG_SYNC,    /* the write-ahead log is about to be synced to the disk */
    LEDGER_LOG_SYNCED,  /* that returned, well or not */
    LEDGER_FILE_SYNC,   /* the ledger file: the end of a checkpoint that moved the whole log */
    LEDGER_FILE_SYNCED, /* that returned */
    LEDGER_CHECKPOINT,  /* pages are about to be moved from the log into the file */
    LEDGER_CHECKPOINT_COPIED, /* they were; a LEDGER_FILE_SYNC follows when none is left */
};

/* `saw` is called by the thread that the ledger works for, and must not use the ledger. */
struct ledger_watch {
    void (*saw)(void *ctx, enum ledger_watch_event event);
    void *ctx;
};

#endif
