#include "keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD "-----BEGIN PRIVATE KEY-----\n"
#define FOOT "\n-----END PRIVATE KEY-----\n"
#define DER 48
#define BASE64 64
#define SIZE (sizeof HEAD - 1 + BASE64 + sizeof FOOT - 1)

/* What stands before the 32 bytes in the DER of every Ed25519 key (RFC 8410, 7). */
static const uint8_t prefix[DER - LEDGER_SEED] = {0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                                  0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};

static char *with_suffix(const char *path, const char *suffix)
{
    char *name;

    return asprintf(&name, "%s%s", path, suffix) < 0 ? NULL : name;
}

char *keyfile_name(const char *path)
{
    return with_suffix(path, ".key");
}

char *keyfile_next_name(const char *path)
{
    return with_suffix(path, ".key.next");
}

static void encode(const uint8_t seed[static LEDGER_SEED], char text[static SIZE + 1])
{
    uint8_t der[DER];
    char base64[BASE64 + 1];

    memcpy(der, prefix, sizeof prefix);
    memcpy(der + sizeof prefix, seed, LEDGER_SEED);
    sodium_bin2base64(base64, sizeof base64, der, sizeof der, sodium_base64_VARIANT_ORIGINAL);
    snprintf(text, SIZE + 1, HEAD "%s" FOOT, base64);
    sodium_memzero(der, sizeof der);
    sodium_memzero(base64, sizeof base64);
}

static bool decode(const char *text, size_t size, uint8_t seed[static LEDGER_SEED])
{
    uint8_t der[DER];
    size_t length;
    bool fine = size == SIZE && memcmp(text, HEAD, sizeof HEAD - 1) == 0 &&
                memcmp(text + sizeof HEAD - 1 + BASE64, FOOT, sizeof FOOT - 1) == 0 &&
                sodium_base642bin(der, sizeof der, text + sizeof HEAD - 1, BASE64, NULL, &length,
                                  NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
                length == DER && memcmp(der, prefix, sizeof prefix) == 0;

    if (fine)
        memcpy(seed, der + sizeof prefix, LEDGER_SEED);
    sodium_memzero(der, sizeof der);
    return fine;
}

static int sync_folder(const char *name)
{
    char copy[PATH_MAX];
    int error = 0;
    int fd;

    if (snprintf(copy, sizeof copy, "%s", name) >= (int)sizeof copy)
        return ENAMETOOLONG;
    fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        error = errno;
    if (fd >= 0)
        close(fd);
    return error;
}

static int write_all(int fd, const char *text)
{
    ssize_t done = write(fd, text, SIZE);

    if (done < 0 || fsync(fd) != 0)
        return errno;
    return done == (ssize_t)SIZE ? 0 : ENOSPC;
}

int keyfile_write(const char *name, const uint8_t seed[static LEDGER_SEED])
{
    char text[SIZE + 1];
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int error;

    if (fd < 0)
        return errno;
    encode(seed, text);
    error = write_all(fd, text);
    sodium_memzero(text, sizeof text);
    if (close(fd) != 0 && !error)
        error = errno;
    if (!error)
        error = sync_folder(name);
    if (error)
        unlink(name);
    return error;
}

int keyfile_replace(const char *from, const char *to)
{
    return rename(from, to) != 0 ? errno : sync_folder(to);
}

static enum ledger_status read_open(int fd, uint8_t seed[static LEDGER_SEED])
{
    char text[SIZE + 2];
    struct stat st;
    ssize_t size;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return LEDGER_KEY_MALFORMED;
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return LEDGER_NOT_ALLOWED;
    size = read(fd, text, sizeof text);
    bool fine = size > 0 && decode(text, (size_t)size, seed);
    sodium_memzero(text, sizeof text);
    return fine ? LEDGER_OK : LEDGER_KEY_MALFORMED;
}

enum ledger_status keyfile_read(const char *name, uint8_t seed[static LEDGER_SEED])
{
    int fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT ? LEDGER_NO_SUCH_FILE : LEDGER_READ_ONLY;
    enum ledger_status st = read_open(fd, seed);
    close(fd);
    return st;
}
