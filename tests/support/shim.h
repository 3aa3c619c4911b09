/*
 * shim.h - between the program and its files: the disk (disk.h) and the faults (faults.h) look on.
 *
 * SQLite's calls come by a VFS that is its default after shim_install. The engine's own calls come
 * where the linker wraps them (see the Makefile): open, mkstemp, fsync, rename, renameat2, link,
 * unlink, and the memory of the engine.
 */
#ifndef TESTS_SHIM_H
#define TESTS_SHIM_H

#include <stdbool.h>

/* Once, before anything else of SQLite or the engine. */
void shim_install(void);
/* Connections opened from now on go by the shim, or straight to the files. */
void shim_use(bool shim);

#endif
