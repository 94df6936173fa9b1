#include "core/guard/role.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

/* What kind of role it is. */
enum {
    OFFICER = 1,        /* holds nothing beside it: separate duties */
    ALONE = 2,          /* a business role that stands alone */
    SEE_ALL = 4,        /* scope: every branch, wherever the account stands */
    MASK_NAMES = 8,     /* names of people are masked too */
};

struct name { const char *name, *label; };

static const struct name role_names[] = {
#define X(id, name_, label_) [id] = { name_, label_ },
    ROLES(X)
#undef X
};

static const struct name right_names[] = {
#define X(id, name_, label_) [id] = { name_, label_ },
    RIGHTS(X)
#undef X
};

#define R(right) (UINT64_C(1) << RIGHT_##right)
#define STAFF_RIGHTS \
    (R(ORG_READ) | R(LEAD_READ) | R(LEAD_WRITE) | R(LEAD_CLAIM) | R(LEAD_REVEAL) | R(MESSAGE))

static const struct { unsigned kind; uint64_t rights; } roles[ACCOUNT_ROLE_COUNT] = {
    /* Runs the machine: backup, restore, doctor. Sees the branches to know whom to call; no lead,
     * no account, no log. */
    [ROLE_SYSADMIN] = { OFFICER | SEE_ALL, R(SYSTEM) | R(ORG_READ) },

    /* Accounts and roles. An account points to an employee and a branch: hence org.read, which
     * shows no lead. */
    [ROLE_SECADMIN] = { OFFICER | SEE_ALL, R(ACCOUNT) | R(ORG_READ) },

    /* Reads and verifies the audit log, nothing else: its rows carry codes, never personal data. */
    [ROLE_AUDITADMIN] = { OFFICER | SEE_ALL, R(AUDIT) },

    /* Works leads: claims them, follows up, dials. Numbers come one by one, each reveal counted and
     * audited. */
    [ROLE_STAFF] = { 0, STAFF_RIGHTS },

    /* As staff; also deals out the leads of the branch, and takes its lists in and out (a fair's
     * sign-ups, the weekly sheet), inside the branch scope and masked. */
    [ROLE_SUPERVISOR] = { 0, STAFF_RIGHTS | R(LEAD_ASSIGN) | R(IMPORT) | R(EXPORT) },

    /* Campaigns, channels, pools and lists for a branch and all below it; keeps its employees and
     * outlets up to date. Neither claims nor reveals: whoever hands out leads does not dial
     * them. */
    [ROLE_OPERATIONS] = { 0, R(ORG_READ) | R(LEAD_READ) | R(LEAD_WRITE) | R(LEAD_ASSIGN) | R(IMPORT)
                             | R(EXPORT) | R(MESSAGE) | R(ORG_WRITE) | R(CONFIG) | R(EVENT_READ) },

    /* Steers the whole bank: moves leads between branches, sends lists down, takes figures out.
     * Works no single lead, so it neither changes nor reveals one. */
    [ROLE_HEAD_OFFICE] = { SEE_ALL, R(ORG_READ) | R(LEAD_READ) | R(LEAD_ASSIGN) | R(IMPORT)
                                    | R(EXPORT) | R(MESSAGE) | R(ORG_WRITE) | R(EVENT_READ) },

    /* Sets the bank's tables up (often a vendor's engineer): no lead, no person, no file of
     * them. */
    [ROLE_CONFIG] = { 0, R(ORG_READ) | R(CONFIG) },

    /* Looks at what happened in business, in every branch, names masked, and changes nothing. The
     * audit log stays with its officer. */
    [ROLE_AUDITOR] = { ALONE | SEE_ALL | MASK_NAMES, R(ORG_READ) | R(LEAD_READ) | R(EVENT_READ) },

    /* A pilot's one person: everything, until the three officers are appointed. */
    [ROLE_LOCAL_OWNER] = { ALONE | SEE_ALL, R(COUNT) - 1 },
};

enum right right_to_read(const char *noun)
{
    static const struct { const char *noun; enum right right; } rows[] = {
#define X(noun_, right_) { #noun_, right_ },
        READING(X)
#undef X
    };
    size_t n = sizeof rows / sizeof *rows, i = 0;
    while (i < n && strcmp(rows[i].noun, noun) != 0)
        i++;
    return i < n ? rows[i].right : RIGHT_COUNT;
}

const char *right_name(enum right r)
{
    assert(r < RIGHT_COUNT);
    return right_names[r].name;
}

const char *right_label(enum right r)
{
    assert(r < RIGHT_COUNT);
    return right_names[r].label;
}

const char *account_role_name(enum account_role r)
{
    assert(r < ACCOUNT_ROLE_COUNT);
    return role_names[r].name;
}

const char *account_role_label(enum account_role r)
{
    assert(r < ACCOUNT_ROLE_COUNT);
    return role_names[r].label;
}

static bool holds(unsigned set, enum account_role r)
{
    return set >> r & 1;
}

uint64_t roles_rights(unsigned set)
{
    uint64_t all = R(NONE);
    for (enum account_role r = 0; r < ACCOUNT_ROLE_COUNT; r++)
        if (holds(set, r))
            all |= roles[r].rights;
    return all;
}

/* ---- text ------------------------------------------------------------------------------------ */

static bool find(const char *word, size_t n, unsigned *set)
{
    for (enum account_role r = 0; r < ROLE_LOCAL_OWNER; r++)
        if (strlen(role_names[r].name) == n && memcmp(role_names[r].name, word, n) == 0) {
            *set |= 1u << r;
            return true;
        }
    return false;
}

bool roles_parse(const char *text, unsigned *set, const char **bad)
{
    *set = 0;
    if (!text || !text[strspn(text, " ")])
        return true;
    for (;; text++) {
        text += strspn(text, " ");
        size_t n = strcspn(text, ", ");
        if (!find(text, n, set)) {
            *bad = text;
            return false;
        }
        text += n;
        text += strspn(text, " ");
        if (!*text)
            return true;
        if (*text != ',') {
            *bad = text;
            return false;
        }
    }
}

char *roles_text(unsigned set, struct arena *a)
{
    struct buf out = BUF_INIT;
    for (enum account_role r = 0; r < ACCOUNT_ROLE_COUNT; r++)
        if (holds(set, r))
            buf_addf(&out, "%s%s", out.len ? "," : "", role_names[r].name);
    char *text = arena_strdup(a, out.s);
    buf_release(&out);
    return text;
}

/* ---- sets ------------------------------------------------------------------------------------ */

static bool any(unsigned set, unsigned kind)
{
    for (enum account_role r = 0; r < ACCOUNT_ROLE_COUNT; r++)
        if (holds(set, r) && roles[r].kind & kind)
            return true;
    return false;
}

bool roles_allowed(unsigned set)
{
    if (set == 0 || set >> ROLE_LOCAL_OWNER)
        return false;
    return !any(set, OFFICER | ALONE) || (set & (set - 1)) == 0;
}

bool roles_mask_names(unsigned set)
{
    return any(set, MASK_NAMES);
}

bool roles_see_all(unsigned set)
{
    return any(set, SEE_ALL);
}
