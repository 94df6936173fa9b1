/* nouns.h - the structs of the nouns (contract: Nouns and names). The tables beside them are in
 * nouns.c, those of the lead in lead.c.
 */
#ifndef CORE_MODEL_NOUNS_H
#define CORE_MODEL_NOUNS_H

#include "core/model/noun.h"

/* Every stored record begins with these. */
struct row_head { int64_t id, version, created_at, updated_at; };

/* An organisational unit. path is the ids from head office down, "1/a3/", so that a subtree is a
 * range of it. */
struct branch {
    struct row_head head;
    const char *code, *name;
    struct ref parent;
    const char *level;          /* head_office, branch, sub_branch, outlet, team */
    const char *path;
    int64_t active;
};

struct employee {
    struct row_head head;
    const char *code;           /* staff number */
    const char *name;
    struct ref branch, manager;
    const char *status;         /* active, leave, left */
};

/* A login. roles is a list of role names (core/guard/role.h) by comma; branch is where its scope begins. */
struct account {
    struct row_head head;
    const char *code;           /* login: the staff number */
    struct ref employee, branch;
    const char *roles;
    int64_t active;
    int64_t local_uid;          /* OS user of the local owner; NONE otherwise */
    int64_t password_at;        /* when the password was set; NONE: none yet */
    int64_t totp_at;            /* since when one-time codes are asked for; NONE: they are not */
    int64_t must_change;        /* 1: by another, so that it is to be changed first */
};

struct channel {
    struct row_head head;
    const char *code, *name;
    struct ref parent;
    const char *kind;           /* online, offline */
    int64_t active;
};

struct product { struct row_head head; const char *code, *name; int64_t active; };

/* A word that people put on leads. */
struct tag { struct row_head head; const char *code, *name; int64_t active; };

struct pool {
    struct row_head head;
    const char *code, *name;
    struct ref branch, parent;
    int64_t raise_hours;        /* raised to the parent pool after so many hours; NONE: never */
    int64_t active;
};

struct stage {
    struct row_head head;
    const char *code, *name;    /* name: the bank's own word; NULL: the catalogue's */
    int64_t position;
    const char *kind;           /* open, won, lost, void */
    int64_t active;
};

/* A human being or a company that leads are about, known by phone, e-mail or id number. */
struct person {
    struct row_head head;
    const char *name, *phone, *email, *id_no, *gender;
    int64_t birthday;
    int64_t deceased, minor;    /* flags that stop all marketing */
};

/* What a person said of one way of reaching him. The newest row of a way holds. */
struct consent {
    struct row_head head;
    struct ref person;
    const char *way;            /* phone, sms, wechat, email, push, all */
    const char *state;          /* granted, refused, withdrawn */
    int64_t at;
    const char *source;         /* how it was given: form, call, counter, import */
    const char *note;
    struct ref employee;        /* who took it down */
};

struct deal {
    struct row_head head;
    struct ref lead, owner, product, branch;
    int64_t won_at, amount;
    const char *note;
    struct ref batch;
};

struct follow_up {
    struct row_head head;
    struct ref lead, employee, branch;
    int64_t at;
    const char *way;            /* phone, sms, wechat, email, visit, counter */
    const char *result;         /* see follow_up_results */
    const char *note;
    int64_t next_at;
};

struct task {
    struct row_head head;
    const char *kind;           /* first_follow_up, follow_up, other */
    const char *subject;
    struct ref lead, owner, branch;
    int64_t due_at, done_at;
    const char *state;          /* open, done, cancelled */
};

struct message {
    struct row_head head;
    struct ref to;              /* employee */
    struct ref from;            /* employee, empty: the system */
    const char *kind;           /* notice, nudge */
    const char *code;           /* sentence code with params, or NULL when body is a person's own words */
    const char *body;           /* parameters of the sentence by TAB, or the words */
    struct ref lead;
    int64_t at, read_at;
};

struct custom_field {
    struct row_head head;
    const char *noun, *code, *name;     /* code is the key: attr.CODE */
    const char *type;                   /* text, number, date, choice, flag */
    const char *choices;                /* codes by comma */
    int64_t position, active;
};

/* A fact, once. seq rises in commit order. */
struct event {
    struct row_head head;       /* id is the seq */
    const char *type;           /* "lead.claimed" */
    const char *noun;
    int64_t subject;
    struct ref branch, actor;   /* actor: employee */
    int64_t at;
    const char *data;           /* JSON, without personal data */
};

struct audit {
    struct row_head head;       /* id is the seq */
    int64_t at;
    const char *account;        /* login, or "local:UID" */
    const char *operation, *noun;
    int64_t subject;
    struct ref branch;
    const char *result;         /* ok, denied, failed */
    const char *code;           /* error code of a denial */
    const char *detail;         /* JSON: changed fields with digests, counts; never personal data */
    const char *request;
    const char *hash;           /* hex of the chain's link */
};

/* Leads that belong together under a name: those of a condition (dynamic), or those that are listed (static;
 * a snapshot is those that a condition had at a moment). sharing says who may see and use it: its owner, a
 * branch and all below it, everybody. */
struct segment {
    struct row_head head;
    const char *code, *name;
    const char *noun;           /* lead */
    const char *kind;           /* dynamic, static, snapshot */
    const char *condition;      /* English, with field names; of a snapshot what it was taken by */
    const char *sharing;        /* own, branch, all */
    struct ref branch, owner;   /* branch: of sharing; owner: empty for an account without a person */
    int64_t account_id;         /* the owner's account */
    const char *note;
    int64_t active;
    int64_t members;            /* of one that lists them; NONE: dynamic */
    int64_t taken_at;
};

/* A list as somebody wants it again: condition, order, columns. */
struct filter {
    struct row_head head;
    const char *name;
    const char *noun;           /* plural: leads */
    const char *condition, *sort, *columns;
    const char *sharing;
    struct ref branch, owner;
    int64_t account_id;
    int64_t position;
    /* Why it can't be used as it stands (a field is gone): a sentence code with its parameters by TAB;
     * NULL: it can. Not stored. */
    const char *fault, *fault_words;
};

struct import {
    struct row_head head;
    const char *kind, *file, *sha256, *mode, *state;    /* running, done, failed, cancelled */
    int64_t total, rows, created, updated, skipped, rejected;
    int64_t next_row, finished_at;
    struct ref employee;
    const char *options;        /* JSON of what was asked, to resume with */
};

struct lead {
    struct row_head head;
    int64_t no;                         /* human number, rises from 1 */
    const char *external_id, *name, *phone, *email, *id_no, *gender;
    int64_t birthday;
    struct ref person, branch, product, channel, stage, owner, pool;
    int64_t open;                       /* 1 while its stage is of kind open */
    const char *intent;                 /* high, mid, low */
    const char *region, *source_detail;
    int64_t score;
    int64_t received_at;                /* by the present owner or pool */
    const char *received_how;           /* create, claim, assign, return, recycle, import */
    int64_t left_at;                    /* contract: Left */
    int64_t first_due_at, first_response_at, last_follow_up_at, next_follow_up_at, follow_up_count;
    int64_t recycle_at, protected_until, returned_count, frozen;
    const char *reason;                 /* of the last return, loss or voiding */
    int64_t closed_at, amount;          /* of a won lead: its deal's */
    struct ref batch;                   /* the import it came with */
    struct refs tags;
    struct attrs attr;
};

/* A lead as it is made, and what the person said meanwhile of being reached: consents without a person,
 * who is the lead's. The first fields are a lead's, in their order. */
struct consent_said { const char *way, *state, *source, *note; };
struct lead_new { struct lead lead; struct list consent; /* struct consent_said */ };

/* The field tables, for the rows of operations; noun.rec points to them. */
extern const struct record branch_record, employee_record, account_record, channel_record,
    product_record, tag_record, pool_record, stage_record, person_record, consent_record, deal_record,
    follow_up_record, task_record, message_record, custom_field_record, event_record, audit_record,
    import_record, segment_record, filter_record, lead_record,
    consent_said_record, lead_new_record;

extern const struct choice follow_up_results[], follow_up_ways[], intent_choices[], consent_ways[],
    sharing_choices[], level_choices[], gender_choices[];

#endif
