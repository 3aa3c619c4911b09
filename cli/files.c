#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN_FILE_MAX 256

static const char *set(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

static char *join(const char *a, const char *b)
{
    char *path;

    return asprintf(&path, "%s%s", a, b) < 0 ? NULL : path;
}

/* The XDG base directory specification: `variable`, else a folder below the home. */
static char *below(const char *variable, const char *home_folder, const char *path)
{
    const char *base = set(variable);
    const char *home = set("HOME");
    char *folder;
    char *full;

    if (base && base[0] == '/')
        return join(base, path);
    if (!home)
        return NULL;
    folder = join(home, home_folder);
    full = folder ? join(folder, path) : NULL;
    free(folder);
    return full;
}

char *files_ledger(const char *given)
{
    const char *path = given ? given : set("COLEDGER_LEDGER");

    return path ? strdup(path) : below("XDG_DATA_HOME", "/.local/share", "/coledger/ledger.db");
}

int files_make_folder(const char *path)
{
    char *folder = strdup(path);
    int error = folder ? 0 : ENOMEM;

    for (char *slash = folder; !error && (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            error = errno;
        *slash = '/';
    }
    free(folder);
    return error;
}

bool files_names_ledger(void)
{
    return set("COLEDGER_LEDGER") != NULL;
}

const char *files_node(void)
{
    return set("COLEDGER_NODE");
}

/* A secret that others can read is one no longer. */
static enum ledger_status read_secret(int fd, const char *path, char **token, char *message,
                                      size_t size)
{
    char text[TOKEN_FILE_MAX];
    struct stat facts;
    ssize_t length;

    if (fstat(fd, &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO))) {
        snprintf(message, size, "others can read %s; close it first: chmod 600 %s", path, path);
        return LEDGER_NOT_ALLOWED;
    }
    length = read(fd, text, sizeof text - 1);
    text[length > 0 ? length : 0] = '\0';
    text[strcspn(text, " \t\r\n")] = '\0';
    if (!text[0]) {
        snprintf(message, size, "there is no token in %s", path);
        return LEDGER_NOT_SIGNED_IN;
    }
    *token = strdup(text);
    return *token ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status files_token(char **token, char *message, size_t size)
{
    const char *given = set("COLEDGER_TOKEN");
    enum ledger_status st = LEDGER_NOT_SIGNED_IN;
    char *path;
    int fd;

    *token = given ? strdup(given) : NULL;
    if (*token)
        return LEDGER_OK;
    path = below("XDG_CONFIG_HOME", "/.config", "/coledger/token");
    fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        st = read_secret(fd, path, token, message, size);
        close(fd);
    } else {
        snprintf(message, size,
                 "a node wants a token: put one into COLEDGER_TOKEN or into %s (mode 600)",
                 path ? path : "~/.config/coledger/token");
    }
    free(path);
    return st;
}

const char *files_user(void)
{
    const struct passwd *entry = getpwuid(geteuid());
    static char number[16];

    if (entry && entry->pw_name[0])
        return entry->pw_name;
    snprintf(number, sizeof number, "%u", (unsigned)geteuid());
    return number;
}

static int read_all(FILE *f, size_t max, char **text, size_t *size)
{
    FILE *into = open_memstream(text, size);
    char buf[8192];
    size_t n;
    int error = into ? 0 : ENOMEM;

    while (!error && (n = fread(buf, 1, sizeof buf, f)) > 0) {
        fwrite(buf, 1, n, into);
        if ((size_t)ftello(into) > max)
            error = EFBIG;
    }
    if (!error && ferror(f))
        error = errno ? errno : EIO;
    if (into && fclose(into) != 0 && !error)
        error = ENOMEM;
    return error;
}

int files_read(const char *path, size_t max, char **text, size_t *size)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *f = standard ? stdin : fopen(path, "re");
    int error;

    *text = NULL;
    if (!f)
        return errno;
    error = read_all(f, max, text, size);
    if (!standard)
        fclose(f);
    if (error) {
        free(*text);
        *text = NULL;
    }
    return error;
}
