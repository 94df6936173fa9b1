/* role.h - rights and the roles that hold them (design 6). One table in role.c says all of it.
 *
 * Three officers with separate duties (no account holds two of them): system administrator,
 * security administrator, audit administrator. Then the business roles. The local owner is no role
 * that is given: the OS user who made a database is it until the three officers are appointed.
 */
#ifndef CORE_GUARD_ROLE_H
#define CORE_GUARD_ROLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/i18n.h"

struct arena;

/* X(enum, name, label): what an operation may need. */
#define RIGHTS(X) \
    X(RIGHT_NONE, "none", N_("for everybody")) \
    X(RIGHT_ORG_READ, "org.read", \
      N_("see branches, employees, channels, products, tags, pools, stages")) \
    X(RIGHT_LEAD_READ, "lead.read", N_("see leads and what belongs to them")) \
    X(RIGHT_LEAD_WRITE, "lead.write", N_("create and change leads, follow up, win and lose")) \
    X(RIGHT_LEAD_CLAIM, "lead.claim", N_("claim leads from a public pool")) \
    X(RIGHT_LEAD_ASSIGN, "lead.assign", N_("assign leads and take them back")) \
    X(RIGHT_LEAD_REVEAL, "lead.reveal", N_("see phone, e-mail and id number in clear")) \
    X(RIGHT_IMPORT, "import", N_("import files")) \
    X(RIGHT_EXPORT, "export", N_("export files")) \
    X(RIGHT_MESSAGE, "message", N_("read own messages and write to colleagues")) \
    X(RIGHT_ORG_WRITE, "org.write", N_("change branches and employees")) \
    X(RIGHT_CONFIG, "config", N_("change channels, products, tags, pools, stages, custom fields")) \
    X(RIGHT_ACCOUNT, "account", N_("manage accounts and roles")) \
    X(RIGHT_AUDIT, "audit", N_("read and verify the audit log")) \
    X(RIGHT_SYSTEM, "system", N_("back up, restore, check the database")) \
    X(RIGHT_EVENT_READ, "event.read", N_("read the event log"))

enum right {
#define X(id, name, label) id,
    RIGHTS(X)
#undef X
    RIGHT_COUNT
};

#define ROLES(X) \
    X(ROLE_SYSADMIN, "sysadmin", N_("system administrator")) \
    X(ROLE_SECADMIN, "secadmin", N_("security administrator")) \
    X(ROLE_AUDITADMIN, "auditadmin", N_("audit administrator")) \
    X(ROLE_STAFF, "staff", N_("relationship manager")) \
    X(ROLE_SUPERVISOR, "supervisor", N_("supervisor")) \
    X(ROLE_OPERATIONS, "operations", N_("marketing operations")) \
    X(ROLE_HEAD_OFFICE, "head_office", N_("head office")) \
    X(ROLE_CONFIG, "config", N_("configuration manager")) \
    X(ROLE_AUDITOR, "auditor", N_("internal auditor")) \
    X(ROLE_LOCAL_OWNER, "local_owner", N_("local owner"))

enum account_role {
#define X(id, name, label) id,
    ROLES(X)
#undef X
    ACCOUNT_ROLE_COUNT
};

/* The three officers, as bits. */
#define ROLE_OFFICERS (1u << ROLE_SYSADMIN | 1u << ROLE_SECADMIN | 1u << ROLE_AUDITADMIN)

/* X(noun, right): what it takes to read rows of that noun. Nothing else says it: the operations have it from
 * here (CRUD_READ, core/noun/crud.h), and so has what asks of a noun's rows and is none of its operations. */
#define READING(X) \
    X(branch, RIGHT_ORG_READ) \
    X(employee, RIGHT_ORG_READ) \
    X(account, RIGHT_ACCOUNT) \
    X(channel, RIGHT_ORG_READ) \
    X(product, RIGHT_ORG_READ) \
    X(tag, RIGHT_ORG_READ) \
    X(pool, RIGHT_ORG_READ) \
    X(stage, RIGHT_ORG_READ) \
    X(custom_field, RIGHT_ORG_READ) \
    X(person, RIGHT_LEAD_READ) \
    X(consent, RIGHT_LEAD_READ) \
    X(lead, RIGHT_LEAD_READ) \
    X(deal, RIGHT_LEAD_READ) \
    X(follow_up, RIGHT_LEAD_READ) \
    X(task, RIGHT_LEAD_READ) \
    X(segment, RIGHT_LEAD_READ) \
    X(message, RIGHT_MESSAGE) \
    X(filter, RIGHT_NONE) \
    X(event, RIGHT_EVENT_READ) \
    X(audit, RIGHT_AUDIT) \
    X(import, RIGHT_IMPORT)

enum {
#define X(noun, right) READING_##noun = (right),
    READING(X)
#undef X
};

/* The right of that noun, by its name in the singular; RIGHT_COUNT, which nobody has: its rows are
 * not read. */
enum right right_to_read(const char *noun);

const char *right_name(enum right r);
const char *right_label(enum right r);      /* msgid */
const char *account_role_name(enum account_role r);
const char *account_role_label(enum account_role r);        /* msgid */

/* The rights of a set of roles (bit a role), as bits. RIGHT_NONE is always among them. */
uint64_t roles_rights(unsigned roles);

/* "staff, supervisor" to bits: false with the word at fault in *bad (points into text; it ends at a
 * comma, a blank or NUL; at the NUL when a word is missing). local_owner can't be named. NULL or ""
 * is the empty set. */
bool roles_parse(const char *text, unsigned *roles, const char **bad);

/* The set as the column account.roles has it: "staff,supervisor", in the order of the table above.
 * In the arena. */
char *roles_text(unsigned roles, struct arena *a);

/* Is this a set that one account may hold? Not two officers, no officer beside a business role, an
 * internal auditor nothing else (the scope of one role and the rights of another would add up),
 * never the local owner. */
bool roles_allowed(unsigned roles);

/* Are names of people masked for a holder, and does the scope reach all branches? */
bool roles_mask_names(unsigned roles);
bool roles_see_all(unsigned roles);

#endif
