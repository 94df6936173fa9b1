#include "core/model/nouns.h"

#include <string.h>

#include "base/i18n.h"

/* The members that every stored record begins with. Their C names stand in head, their field names do not. */
#define HEAD(T) \
    { .name = "id", .label = N_("id"), .type = F_ID, .flags = FIELD_READONLY | FIELD_WIDE, \
      .off = offsetof(T, head.id) }, \
    { .name = "version", .label = N_("version"), .type = F_INT, .flags = FIELD_READONLY | FIELD_WIDE, \
      .off = offsetof(T, head.version) }, \
    { .name = "created_at", .label = N_("created at"), .type = F_TIME, .flags = FIELD_READONLY | FIELD_WIDE, \
      .off = offsetof(T, head.created_at) }, \
    { .name = "updated_at", .label = N_("changed at"), .type = F_TIME, .flags = FIELD_READONLY | FIELD_WIDE, \
      .off = offsetof(T, head.updated_at) }

enum { CODE_MAX = 64, NAME_MAX_BYTES = 200, NOTE_MAX = 4000, TAGS_MOST = 50 };

#define CODE(T, label)                                                                             \
    FIELD_TEXT(T, code, label, .flags = FIELD_REQUIRED | FIELD_KEYED | FIELD_FIXED | FIELD_SORT,   \
               .max = CODE_MAX)
#define NAME(T) FIELD_TEXT(T, name, N_("name"), .flags = FIELD_REQUIRED | FIELD_KEYED, .max = NAME_MAX_BYTES)
#define ACTIVE(T) FIELD_FLAG(T, active, N_("active"))

/* ---- organisation ------------------------------------------------------------------------------------- */

const struct choice level_choices[] = {
    { "head_office", N_("head office") },
    { "branch", N_("branch (tier 1)") },
    { "branch2", N_("branch (tier 2)") },
    { "sub_branch", N_("sub-branch") },
    { "outlet", N_("outlet") },
    { "team", N_("team") },
    { NULL, NULL },
};

static const struct field branch_fields[] = {
    HEAD(struct branch),
    CODE(struct branch, N_("code")),
    NAME(struct branch),
    FIELD_REF(struct branch, parent, "branch", N_("belongs to")),
    FIELD_CHOICE(struct branch, level, N_("level"), .choices = level_choices),
    FIELD_TEXT(struct branch, path, N_("path"), .flags = FIELD_READONLY | FIELD_WIDE),
    ACTIVE(struct branch),
};
const struct record branch_record = RECORD(struct branch, "branch", branch_fields);
const struct noun branch_noun = {
    .name = "branch", .plural = "branches", .label = N_("branches"), .table = "branch", .rec = &branch_record,
    .scope = "id", .code = "code", .sort = "code", .columns = "code,name,level,parent,active",
};

static const struct choice employee_states[] = {
    { "active", N_("on duty") }, { "leave", N_("on leave") }, { "left", N_("has left") }, { NULL, NULL },
};

static const struct field employee_fields[] = {
    HEAD(struct employee),
    CODE(struct employee, N_("staff number")),
    FIELD_TEXT(struct employee, name, N_("name"), .flags = FIELD_REQUIRED | FIELD_KEYED | FIELD_PINYIN,
               .max = NAME_MAX_BYTES),
    FIELD_REF(struct employee, branch, "branch", N_("branch"), .flags = FIELD_REQUIRED),
    FIELD_REF(struct employee, manager, "employee", N_("supervisor")),
    FIELD_CHOICE(struct employee, status, N_("state"), .choices = employee_states),
};
const struct record employee_record = RECORD(struct employee, "employee", employee_fields);
const struct noun employee_noun = {
    .name = "employee",
    .plural = "employees",
    .label = N_("employees"),
    .table = "employee",
    .rec = &employee_record,
    .scope = "branch_id",
    .code = "code",
    .sort = "code",
    .columns = "code,name,branch,status",
};

static const struct field account_fields[] = {
    HEAD(struct account),
    CODE(struct account, N_("login")),
    FIELD_REF(struct account, employee, "employee", N_("employee")),
    FIELD_REF(struct account, branch, "branch", N_("scope")),
    FIELD_TEXT(struct account, roles, N_("roles"), .flags = FIELD_REQUIRED, .max = 200),
    ACTIVE(struct account),
    FIELD_INT(struct account, local_uid, N_("OS user"), .flags = FIELD_READONLY | FIELD_WIDE),
    FIELD_TIME(struct account, password_at, N_("password set"), .flags = FIELD_READONLY),
    FIELD_TIME(struct account, totp_at, N_("one-time codes since"), .flags = FIELD_READONLY | FIELD_WIDE),
    FIELD_FLAG(struct account, must_change, N_("password to be changed"), .flags =
               FIELD_READONLY | FIELD_WIDE),
};
const struct record account_record = RECORD(struct account, "account", account_fields);
const struct noun account_noun = {
    .name = "account",
    .plural = "accounts",
    .label = N_("accounts"),
    .table = "account",
    .rec = &account_record,
    .code = "code",
    .sort = "code",
    .columns = "code,employee,roles,branch,active",
};

/* ---- what leads refer to ------------------------------------------------------------------------------ */

static const struct choice channel_kinds[] = { { "online", N_("online") },
                                               { "offline", N_("offline") },
                                               { NULL, NULL } };

static const struct field channel_fields[] = {
    HEAD(struct channel),
    CODE(struct channel, N_("code")),
    NAME(struct channel),
    FIELD_REF(struct channel, parent, "channel", N_("belongs to")),
    FIELD_CHOICE(struct channel, kind, N_("kind"), .choices = channel_kinds),
    ACTIVE(struct channel),
};
const struct record channel_record = RECORD(struct channel, "channel", channel_fields);
const struct noun channel_noun = {
    .name = "channel",
    .plural = "channels",
    .label = N_("channels"),
    .table = "channel",
    .rec = &channel_record,
    .code = "code",
    .sort = "code",
    .columns = "code,name,kind,parent,active",
};

static const struct field product_fields[] = {
    HEAD(struct product), CODE(struct product, N_("code")), NAME(struct product), ACTIVE(struct product),
};
const struct record product_record = RECORD(struct product, "product", product_fields);
const struct noun product_noun = {
    .name = "product",
    .plural = "products",
    .label = N_("products"),
    .table = "product",
    .rec = &product_record,
    .code = "code",
    .sort = "code",
    .columns = "code,name,active",
};

static const struct field tag_fields[] = {
    HEAD(struct tag), CODE(struct tag, N_("code")), NAME(struct tag), ACTIVE(struct tag),
};
const struct record tag_record = RECORD(struct tag, "tag", tag_fields);
const struct noun tag_noun = {
    .name = "tag",
    .plural = "tags",
    .label = N_("tags"),
    .table = "tag",
    .rec = &tag_record,
    .code = "code",
    .sort = "code",
    .columns = "code,name,active",
};

static const struct field pool_fields[] = {
    HEAD(struct pool),
    CODE(struct pool, N_("code")),
    NAME(struct pool),
    FIELD_REF(struct pool, branch, "branch", N_("branch"), .flags = FIELD_REQUIRED),
    FIELD_REF(struct pool, parent, "pool", N_("parent pool")),
    FIELD_INT(struct pool, raise_hours, N_("raised after (hours)"), .min = 1, .max = 8784),
    ACTIVE(struct pool),
};
const struct record pool_record = RECORD(struct pool, "pool", pool_fields);
const struct noun pool_noun = {
    .name = "pool",
    .plural = "pools",
    .label = N_("public pools"),
    .table = "pool",
    .rec = &pool_record,
    .scope = "branch_id",
    .code = "code",
    .sort = "code",
    .columns = "code,name,branch,parent,raise_hours,active",
};

static const struct choice stage_kinds[] = {
    { "open", N_("open") }, { "won", N_("won") }, { "lost", N_("lost") },
    { "void", N_("void") }, { NULL, NULL },
};

static const struct field stage_fields[] = {
    HEAD(struct stage),
    CODE(struct stage, N_("code")),
    FIELD_TEXT(struct stage, name, N_("name"), .flags = FIELD_KEYED, .max = NAME_MAX_BYTES),
    FIELD_INT(struct stage, position, N_("order"), .flags = FIELD_REQUIRED, .min = 0, .max = 9999),
    FIELD_CHOICE(struct stage, kind, N_("kind"), .flags = FIELD_REQUIRED | FIELD_FIXED,
                 .choices = stage_kinds),
    ACTIVE(struct stage),
};
const struct record stage_record = RECORD(struct stage, "stage", stage_fields);
const struct noun stage_noun = {
    .name = "stage", .plural = "stages", .label = N_("stages"), .table = "stage", .rec = &stage_record,
    .code = "code", .sort = "position", .columns = "position,code,name,kind,active",
};

/* ---- people ------------------------------------------------------------------------------------------- */

const struct choice gender_choices[] = { { "f", N_("female") }, { "m", N_("male") }, { NULL, NULL } };

static const struct field person_fields[] = {
    HEAD(struct person),
    FIELD_TEXT(struct person, name, N_("name"), .flags = FIELD_KEYED | FIELD_PINYIN | FIELD_PII,
               .max = NAME_MAX_BYTES),
    FIELD_SECRET(struct person, phone, N_("phone"), .flags = FIELD_PII, .max = 40),
    FIELD_SECRET(struct person, email, N_("e-mail"), .flags = FIELD_PII, .max = 254),
    FIELD_SECRET(struct person, id_no, N_("id number"), .flags = FIELD_PII, .max = 40),
    FIELD_CHOICE(struct person, gender, N_("gender"), .choices = gender_choices),
    FIELD_TIME(struct person, birthday, N_("birthday"), .flags = FIELD_PII),
    FIELD_FLAG(struct person, deceased, N_("deceased")),
    FIELD_FLAG(struct person, minor, N_("minor")),
};
const struct record person_record = RECORD(struct person, "person", person_fields);
const struct noun person_noun = {
    .name = "person", .plural = "persons", .label = N_("persons"), .table = "person", .rec = &person_record,
    .code = "id", .sort = "id", .columns = "name,phone,email,gender",
};

const struct choice consent_ways[] = {
    { "phone", N_("phone call") }, { "sms", N_("SMS") },
    { "wechat", N_("WeChat") },    { "email", N_("e-mail") },
    { "push", N_("app push") },    { "visit", N_("visit") },
    { "all", N_("all ways") },     { NULL, NULL },
};
static const struct choice consent_states[] = {
    { "granted", N_("granted") },
    { "refused", N_("refused") },
    { "withdrawn", N_("withdrawn") },
    { NULL, NULL },
};
static const struct choice consent_sources[] = {
    { "form", N_("form") }, { "call", N_("call") }, { "counter", N_("counter") }, { "import", N_("import") },
    { "other", N_("other") }, { NULL, NULL },
};

static const struct field consent_fields[] = {
    HEAD(struct consent),
    FIELD_REF(struct consent, person, "person", N_("person"),
              .flags = FIELD_REQUIRED | FIELD_FIXED),
    FIELD_CHOICE(struct consent, way, N_("way"), .flags = FIELD_REQUIRED | FIELD_FIXED,
                 .choices = consent_ways),
    FIELD_CHOICE(struct consent, state, N_("state"), .flags = FIELD_REQUIRED | FIELD_FIXED,
                 .choices = consent_states),
    FIELD_TIME(struct consent, at, N_("at"), .flags = FIELD_READONLY),
    FIELD_CHOICE(struct consent, source, N_("source"), .flags = FIELD_FIXED,
                 .choices = consent_sources),
    FIELD_TEXT(struct consent, note, N_("note"), .flags = FIELD_FIXED, .max = NOTE_MAX),
    FIELD_REF(struct consent, employee, "employee", N_("taken down by"), .flags = FIELD_READONLY),
};
const struct record consent_record = RECORD(struct consent, "consent", consent_fields);
const struct noun consent_noun = {
    .name = "consent",
    .plural = "consents",
    .label = N_("consents"),
    .table = "consent",
    .rec = &consent_record,
    .code = "id",
    .sort = "-id",
    .columns = "person,way,state,at,source",
};

/* ---- work --------------------------------------------------------------------------------------------- */

static const struct field deal_fields[] = {
    HEAD(struct deal),
    FIELD_REF(struct deal, lead, "lead", N_("lead"), .flags = FIELD_REQUIRED | FIELD_FIXED),
    FIELD_REF(struct deal, owner, "employee", N_("owner")),
    FIELD_REF(struct deal, product, "product", N_("product")),
    FIELD_REF(struct deal, branch, "branch", N_("branch"), .flags = FIELD_READONLY),
    FIELD_TIME(struct deal, won_at, N_("won at"), .flags = FIELD_REQUIRED | FIELD_SORT),
    FIELD_MONEY(struct deal, amount, N_("amount"), .min = 0, .max = INT64_C(100000000000000000)),
    FIELD_TEXT(struct deal, note, N_("note"), .max = NOTE_MAX),
    FIELD_REF(struct deal, batch, "import", N_("import"), .flags = FIELD_READONLY | FIELD_WIDE),
};
const struct record deal_record = RECORD(struct deal, "deal", deal_fields);
const struct noun deal_noun = {
    .name = "deal", .plural = "deals", .label = N_("deals"), .table = "deal", .rec = &deal_record,
    .scope = "branch_id", .code = "id", .sort = "-won_at", .columns = "lead,owner,product,won_at,amount",
};

/* In the order of the digits 1 .. 9, 0 of the follow-up screen, then the rest. */
const struct choice follow_up_results[] = {
    { "reached", N_("reached") },
    { "no_answer", N_("no answer") },
    { "busy", N_("busy") },
    { "hung_up", N_("did not take the call") },
    { "refuses_marketing", N_("refuses marketing") },
    { "wrong_number", N_("wrong number") },
    { "interested", N_("interested") },
    { "not_interested", N_("not interested") },
    { "appointment", N_("appointment made") },
    { "considering", N_("considering") },
    { "visited_outlet", N_("visited the outlet") },
    { "visited_customer", N_("visited the customer") },
    { NULL, NULL },
};
const struct choice follow_up_ways[] = {
    { "phone", N_("phone call") },
    { "wechat", N_("WeChat") },
    { "visit", N_("visit") },
    { "counter", N_("counter") },
    { "sms", N_("SMS") },
    { "email", N_("e-mail") },
    { NULL, NULL },
};

static const struct field follow_up_fields[] = {
    HEAD(struct follow_up),
    FIELD_REF(struct follow_up, lead, "lead", N_("lead"), .flags = FIELD_REQUIRED | FIELD_FIXED),
    FIELD_REF(struct follow_up, employee, "employee", N_("employee"), .flags = FIELD_READONLY),
    FIELD_REF(struct follow_up, branch, "branch", N_("branch"), .flags = FIELD_READONLY),
    FIELD_TIME(struct follow_up, at, N_("at"), .flags = FIELD_READONLY | FIELD_SORT),
    FIELD_CHOICE(struct follow_up, way, N_("way"), .choices = follow_up_ways),
    FIELD_CHOICE(struct follow_up, result, N_("result"), .flags = FIELD_REQUIRED,
                 .choices = follow_up_results),
    FIELD_TEXT(struct follow_up, note, N_("note"), .max = NOTE_MAX),
    FIELD_TIME(struct follow_up, next_at, N_("next follow-up")),
};
const struct record follow_up_record = RECORD(struct follow_up, "follow_up", follow_up_fields);
const struct noun follow_up_noun = {
    .name = "follow_up", .plural = "follow_ups", .label = N_("follow-ups"), .table = "follow_up",
    .rec = &follow_up_record, .scope = "branch_id", .code = "id", .sort = "-at",
    .columns = "at,lead,employee,way,result,note,next_at",
};

static const struct choice task_kinds[] = {
    { "first_follow_up", N_("first follow-up") }, { "follow_up", N_("follow-up") }, { "other", N_("other") },
    { NULL, NULL },
};
static const struct choice task_states[] = {
    { "open", N_("open") }, { "done", N_("done") }, { "cancelled", N_("cancelled") }, { NULL, NULL },
};

static const struct field task_fields[] = {
    HEAD(struct task),
    FIELD_CHOICE(struct task, kind, N_("kind"), .flags = FIELD_FIXED, .choices = task_kinds),
    FIELD_TEXT(struct task, subject, N_("subject"), .max = NAME_MAX_BYTES),
    FIELD_REF(struct task, lead, "lead", N_("lead"), .flags = FIELD_FIXED),
    FIELD_REF(struct task, owner, "employee", N_("owner"), .flags = FIELD_REQUIRED),
    FIELD_REF(struct task, branch, "branch", N_("branch"), .flags = FIELD_READONLY),
    FIELD_TIME(struct task, due_at, N_("due"), .flags = FIELD_REQUIRED | FIELD_SORT),
    FIELD_TIME(struct task, done_at, N_("done at"), .flags = FIELD_READONLY),
    FIELD_CHOICE(struct task, state, N_("state"), .choices = task_states),
};
const struct record task_record = RECORD(struct task, "task", task_fields);
const struct noun task_noun = {
    .name = "task", .plural = "tasks", .label = N_("tasks"), .table = "task", .rec = &task_record,
    .scope = "branch_id", .code = "id", .sort = "due_at", .columns = "due_at,kind,subject,lead,owner,state",
};

static const struct choice message_kinds[] = { { "notice", N_("notice") },
                                               { "nudge", N_("nudge") },
                                               { NULL, NULL } };

static const struct field message_fields[] = {
    HEAD(struct message),
    FIELD_REF(struct message, to, "employee", N_("to"), .flags = FIELD_REQUIRED | FIELD_FIXED),
    FIELD_REF(struct message, from, "employee", N_("from"), .flags = FIELD_READONLY),
    FIELD_CHOICE(struct message, kind, N_("kind"), .flags = FIELD_FIXED, .choices = message_kinds),
    FIELD_TEXT(struct message, code, N_("sentence"), .flags = FIELD_READONLY | FIELD_WIDE),
    FIELD_TEXT(struct message, body, N_("text"), .flags = FIELD_FIXED, .max = NOTE_MAX),
    FIELD_REF(struct message, lead, "lead", N_("lead"), .flags = FIELD_FIXED),
    FIELD_TIME(struct message, at, N_("at"), .flags = FIELD_READONLY),
    FIELD_TIME(struct message, read_at, N_("read"), .flags = FIELD_READONLY),
};
const struct record message_record = RECORD(struct message, "message", message_fields);
const struct noun message_noun = {
    .name = "message",
    .plural = "messages",
    .label = N_("messages"),
    .table = "message",
    .rec = &message_record,
    .code = "id",
    .sort = "-at",
    .columns = "at,from,to,kind,body,read_at",
};

/* ---- configuration and history ------------------------------------------------------------------------ */

static const struct choice attr_types[] = {
    { "text", N_("text") },     { "number", NC_("type", "number") }, { "date", N_("date") },
    { "choice", N_("choice") }, { "flag", N_("yes or no") },         { NULL, NULL },
};
static const struct choice attr_nouns[] = { { "lead", N_("lead") }, { NULL, NULL } };

static const struct field custom_field_fields[] = {
    HEAD(struct custom_field),
    FIELD_CHOICE(struct custom_field, noun, N_("of"), .flags = FIELD_REQUIRED | FIELD_FIXED,
                 .choices = attr_nouns),
    CODE(struct custom_field, N_("key")),
    NAME(struct custom_field),
    FIELD_CHOICE(struct custom_field, type, N_("type"), .flags = FIELD_REQUIRED | FIELD_FIXED,
                 .choices = attr_types),
    FIELD_TEXT(struct custom_field, choices, N_("choices"), .max = NOTE_MAX),
    FIELD_INT(struct custom_field, position, N_("order"), .min = 0, .max = 9999),
    ACTIVE(struct custom_field),
};
const struct record custom_field_record = RECORD(struct custom_field, "custom_field", custom_field_fields);
const struct noun custom_field_noun = {
    .name = "custom_field",
    .plural = "custom_fields",
    .label = N_("custom fields"),
    .table = "custom_field",
    .rec = &custom_field_record,
    .code = "code",
    .sort = "position",
    .columns = "noun,code,name,type,choices,active",
};

static const struct field event_fields[] = {
    HEAD(struct event),
    FIELD_TEXT(struct event, type, N_("event"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct event, noun, N_("of"), .flags = FIELD_READONLY),
    FIELD_ID(struct event, subject, NC_("record", "subject"), .flags = FIELD_READONLY),
    FIELD_REF(struct event, branch, "branch", N_("branch"), .flags = FIELD_READONLY),
    FIELD_REF(struct event, actor, "employee", N_("by"), .flags = FIELD_READONLY),
    FIELD_TIME(struct event, at, N_("at"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct event, data, N_("data"), .flags = FIELD_READONLY),
};
const struct record event_record = RECORD(struct event, "event", event_fields);
const struct noun event_noun = {
    .name = "event", .plural = "events", .label = N_("events"), .table = "event", .rec = &event_record,
    .scope = "branch_id", .code = "id", .sort = "-id", .columns = "id,at,type,noun,subject,actor,data",
};

static const struct field audit_fields[] = {
    HEAD(struct audit),
    FIELD_TIME(struct audit, at, N_("at"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct audit, account, N_("account"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct audit, operation, N_("operation"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct audit, noun, N_("of"), .flags = FIELD_READONLY),
    FIELD_ID(struct audit, subject, NC_("record", "subject"), .flags = FIELD_READONLY),
    FIELD_REF(struct audit, branch, "branch", N_("branch"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct audit, result, N_("result"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct audit, code, N_("reason"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct audit, detail, N_("detail"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct audit, request, N_("request"), .flags = FIELD_READONLY | FIELD_WIDE),
    FIELD_TEXT(struct audit, hash, N_("hash"), .flags = FIELD_READONLY | FIELD_WIDE),
};
const struct record audit_record = RECORD(struct audit, "audit", audit_fields);
const struct noun audit_noun = {
    .name = "audit", .plural = "audits", .label = N_("audit log"), .table = "audit", .rec = &audit_record,
    .code = "id", .sort = "-id", .columns = "id,at,account,operation,noun,subject,result,code",
};

static const struct choice import_states[] = {
    { "running", N_("running") },     { "done", N_("done") }, { "failed", N_("failed") },
    { "cancelled", N_("cancelled") }, { NULL, NULL },
};

static const struct field import_fields[] = {
    HEAD(struct import),
    FIELD_TEXT(struct import, kind, N_("kind"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct import, file, N_("file"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct import, sha256, N_("SHA-256"), .flags = FIELD_READONLY | FIELD_WIDE),
    FIELD_TEXT(struct import, mode, N_("mode"), .flags = FIELD_READONLY),
    FIELD_CHOICE(struct import, state, N_("state"), .flags = FIELD_READONLY, .choices = import_states),
    FIELD_INT(struct import, total, N_("bytes"), .flags = FIELD_READONLY | FIELD_WIDE),
    FIELD_INT(struct import, rows, N_("rows"), .flags = FIELD_READONLY),
    FIELD_INT(struct import, created, N_("created"), .flags = FIELD_READONLY),
    FIELD_INT(struct import, updated, N_("updated"), .flags = FIELD_READONLY),
    FIELD_INT(struct import, skipped, N_("skipped"), .flags = FIELD_READONLY),
    FIELD_INT(struct import, rejected, N_("rejected"), .flags = FIELD_READONLY),
    FIELD_INT(struct import, next_row, N_("next row"), .flags = FIELD_READONLY | FIELD_WIDE),
    FIELD_TIME(struct import, finished_at, N_("finished"), .flags = FIELD_READONLY),
    FIELD_REF(struct import, employee, "employee", N_("by"), .flags = FIELD_READONLY),
    FIELD_TEXT(struct import, options, N_("options"), .flags = FIELD_READONLY | FIELD_WIDE),
};
const struct record import_record = RECORD(struct import, "import", import_fields);
const struct noun import_noun = {
    .name = "import",
    .plural = "imports",
    .label = N_("imports"),
    .table = "import",
    .rec = &import_record,
    .code = "id",
    .sort = "-id",
    .columns = "created_at,kind,file,state,rows,created,updated,skipped,rejected",
};

/* ---- segments and filters ----------------------------------------------------------------------------- */

enum { CONDITION_MAX = 8192 };      /* LANG_TEXT of core/lang/lang.h */

const struct choice sharing_choices[] = {
    { "own", N_("for oneself") },
    { "branch", N_("for a branch") },
    { "all", N_("for everybody") },
    { NULL, NULL },
};
static const struct choice segment_nouns[] = { { "lead", N_("lead") }, { NULL, NULL } };
static const struct choice segment_kinds[] = {
    { "dynamic", N_("by a condition") }, { "static", N_("by a list") }, { "snapshot", N_("taken once") },
    { NULL, NULL },
};

static const struct field segment_fields[] = {
    HEAD(struct segment),
    CODE(struct segment, N_("code")),
    NAME(struct segment),
    FIELD_CHOICE(struct segment, noun, N_("of"), .flags = FIELD_FIXED | FIELD_WIDE, .choices = segment_nouns),
    FIELD_CHOICE(struct segment, kind, N_("kind"), .flags = FIELD_FIXED, .choices = segment_kinds),
    FIELD_TEXT(struct segment, condition, N_("condition"), .max = CONDITION_MAX),
    FIELD_CHOICE(struct segment, sharing, N_("shared"), .choices = sharing_choices),
    FIELD_REF(struct segment, branch, "branch", N_("branch")),
    FIELD_REF(struct segment, owner, "employee", N_("owner"), .flags = FIELD_READONLY),
    FIELD_ID(struct segment, account_id, N_("owner's account"), .flags = FIELD_READONLY | FIELD_WIDE),
    FIELD_TEXT(struct segment, note, N_("note"), .max = NOTE_MAX),
    ACTIVE(struct segment),
    FIELD_INT(struct segment, members, N_("members"), .flags = FIELD_READONLY),
    FIELD_TIME(struct segment, taken_at, N_("taken at"), .flags = FIELD_READONLY),
};
const struct record segment_record = RECORD(struct segment, "segment", segment_fields);
const struct noun segment_noun = {
    .name = "segment",
    .plural = "segments",
    .label = N_("segments"),
    .table = "segment",
    .rec = &segment_record,
    .code = "code",
    .sort = "code",
    .columns = "code,name,kind,members,sharing,owner,condition",
};

static const struct field filter_fields[] = {
    HEAD(struct filter),
    NAME(struct filter),
    FIELD_TEXT(struct filter, noun, N_("of"), .flags = FIELD_REQUIRED | FIELD_FIXED, .max = CODE_MAX),
    FIELD_TEXT(struct filter, condition, N_("condition"), .max = CONDITION_MAX),
    FIELD_TEXT(struct filter, sort, N_("order"), .max = 500),
    FIELD_TEXT(struct filter, columns, N_("columns"), .max = NOTE_MAX),
    FIELD_CHOICE(struct filter, sharing, N_("shared"), .choices = sharing_choices),
    FIELD_REF(struct filter, branch, "branch", N_("branch")),
    FIELD_REF(struct filter, owner, "employee", N_("owner"), .flags = FIELD_READONLY),
    FIELD_ID(struct filter, account_id, N_("owner's account"), .flags = FIELD_READONLY | FIELD_WIDE),
    FIELD_INT(struct filter, position, N_("place"), .min = 0, .max = 9999),
    FIELD_TEXT(struct filter, fault, N_("what is wrong"), .flags = FIELD_READONLY | FIELD_VIRTUAL),
    FIELD_TEXT(struct filter, fault_words, N_("its parameters"),
               .flags = FIELD_READONLY | FIELD_VIRTUAL | FIELD_WIDE),
};
const struct record filter_record = RECORD(struct filter, "filter", filter_fields);
const struct noun filter_noun = {
    .name = "filter",
    .plural = "filters",
    .label = N_("saved filters"),
    .table = "saved_filter",
    .rec = &filter_record,
    .code = "id",
    .sort = "position",
    .columns = "name,noun,condition,sort,sharing,owner",
};

/* ---- the lead ----------------------------------------------------------------------------------------- */

const struct choice intent_choices[] = {
    { "high", N_("high") }, { "mid", N_("mid") }, { "low", N_("low") }, { NULL, NULL },
};
static const struct choice received_how[] = {
    { "create", N_("by hand") },
    { "import", N_("import") },
    { "claim", N_("claimed") },
    { "assign", N_("assigned") },
    { "return", N_("returned") },
    { "recycle", N_("recycled") },
    { NULL, NULL },
};

static const struct field consent_said_fields[] = {
    FIELD_CHOICE(struct consent_said, way, N_("way"), .flags = FIELD_REQUIRED, .choices = consent_ways),
    FIELD_CHOICE(struct consent_said, state, N_("state"), .flags = FIELD_REQUIRED, .choices = consent_states),
    FIELD_CHOICE(struct consent_said, source, N_("source"), .choices = consent_sources),
    FIELD_TEXT(struct consent_said, note, N_("note"), .max = NOTE_MAX),
};
const struct record consent_said_record = RECORD(struct consent_said, "consent_said", consent_said_fields);

#define LEAD_FIELDS \
    HEAD(struct lead), \
    FIELD_INT(struct lead, no, N_("number"), .flags = FIELD_READONLY), \
    FIELD_TEXT(struct lead, external_id, N_("external id"), .flags = FIELD_KEYED | FIELD_FIXED, .max = 128), \
    FIELD_TEXT(struct lead, name, N_("customer"), .flags = FIELD_KEYED | FIELD_PINYIN | FIELD_PII, \
               .max = NAME_MAX_BYTES), \
    FIELD_SECRET(struct lead, phone, N_("phone"), .flags = FIELD_PII, .max = 40), \
    FIELD_SECRET(struct lead, email, N_("e-mail"), .flags = FIELD_PII, .max = 254), \
    FIELD_SECRET(struct lead, id_no, N_("id number"), .flags = FIELD_PII, .max = 40), \
    FIELD_CHOICE(struct lead, gender, N_("gender"), .choices = gender_choices), \
    FIELD_TIME(struct lead, birthday, N_("birthday"), .flags = FIELD_PII), \
    FIELD_REF(struct lead, person, "person", N_("person"), .flags = FIELD_READONLY | FIELD_WIDE), \
    FIELD_REF(struct lead, branch, "branch", N_("branch")), \
    FIELD_REF(struct lead, product, "product", N_("product")), \
    FIELD_REF(struct lead, channel, "channel", N_("source")), \
    FIELD_REF(struct lead, stage, "stage", N_("stage"), .flags = FIELD_FIXED), \
    FIELD_REF(struct lead, owner, "employee", N_("owner"), .flags = FIELD_FIXED), \
    FIELD_REF(struct lead, pool, "pool", N_("pool"), .flags = FIELD_FIXED), \
    FIELD_FLAG(struct lead, open, N_("open"), .flags = FIELD_READONLY | FIELD_WIDE), \
    FIELD_CHOICE(struct lead, intent, N_("intent"), .choices = intent_choices), \
    FIELD_TEXT(struct lead, region, N_("region"), .max = 64), \
    FIELD_TEXT(struct lead, source_detail, N_("source detail"), .max = NOTE_MAX), \
    FIELD_INT(struct lead, score, N_("score"), .min = 0, .max = 100), \
    FIELD_TIME(struct lead, received_at, N_("received"), .flags = FIELD_READONLY), \
    FIELD_CHOICE(struct lead, received_how, N_("received how"), .flags = FIELD_READONLY, \
                 .choices = received_how), \
    FIELD_TIME(struct lead, left_at, N_("time left"), .flags = FIELD_READONLY | FIELD_SORT), \
    FIELD_TIME(struct lead, first_due_at, N_("first follow-up due"), .flags = FIELD_READONLY), \
    FIELD_TIME(struct lead, first_response_at, N_("first response"), .flags = FIELD_READONLY), \
    FIELD_TIME(struct lead, last_follow_up_at, N_("last follow-up"), .flags = FIELD_READONLY), \
    FIELD_TIME(struct lead, next_follow_up_at, N_("next follow-up"), .flags = FIELD_READONLY), \
    FIELD_INT(struct lead, follow_up_count, N_("follow-ups"), .flags = FIELD_READONLY), \
    FIELD_TIME(struct lead, recycle_at, N_("recycled at"), .flags = FIELD_READONLY), \
    FIELD_TIME(struct lead, protected_until, N_("protected until"), .flags = FIELD_READONLY), \
    FIELD_INT(struct lead, returned_count, N_("times returned"), .flags = FIELD_READONLY), \
    FIELD_FLAG(struct lead, frozen, N_("marketing stopped"), .flags = FIELD_READONLY), \
    FIELD_TEXT(struct lead, reason, N_("reason"), .flags = FIELD_READONLY), \
    FIELD_TIME(struct lead, closed_at, N_("closed at"), .flags = FIELD_READONLY), \
    FIELD_MONEY(struct lead, amount, N_("amount"), .flags = FIELD_READONLY), \
    FIELD_REF(struct lead, batch, "import", N_("import"), .flags = FIELD_READONLY | FIELD_WIDE), \
    FIELD_REFS(struct lead, tags, "tag", N_("tags"), .max = TAGS_MOST), \
    FIELD_ATTRS(struct lead, attr, N_("custom fields"))

static const struct field lead_fields[] = { LEAD_FIELDS };
const struct record lead_record = RECORD(struct lead, "lead", lead_fields);

static const struct field lead_new_fields[] = {
    LEAD_FIELDS,
    FIELD_LIST(struct lead_new, consent, &consent_said_record, N_("consents")),
};
const struct record lead_new_record = RECORD(struct lead_new, "lead_new", lead_new_fields);

/* What conditions on leads may ask of their events: not the data, which may name what is masked. */
static const struct field lead_event_fields[] = {
    FIELD_TEXT(struct event, type, N_("event"), .flags = FIELD_READONLY),
    FIELD_REF(struct event, actor, "employee", N_("by"), .flags = FIELD_READONLY),
    FIELD_TIME(struct event, at, N_("at"), .flags = FIELD_READONLY),
};
static const struct record lead_event_record = RECORD(struct event, "event", lead_event_fields);
static const struct noun lead_event_noun = {
    .name = "event", .plural = "events", .label = N_("events"), .table = "event", .rec = &lead_event_record,
    .code = "id", .sort = "-at", .columns = "at,type,actor",
};

/* One sort of event, as a list of its own. */
#define DEED(names, one_, label_, type)                                                            \
    {                                                                                              \
        .name = (names), .one = (one_), .label = (label_), .noun = &lead_event_noun,               \
        .key = "subject", .own = "id", .at = "at",                                                 \
        .only = "r.noun = 'lead' and r.type = '" type "'"                                          \
    }

static const struct noun_list lead_lists[] = {
    { .name = "follow_ups", .one = "follow_up", .label = N_("follow-up"), .noun = &follow_up_noun,
      .key = "lead_id", .own = "id", .at = "at" },
    { .name = "tasks", .one = "task", .label = N_("task"), .noun = &task_noun, .key = "lead_id", .own = "id",
      .at = "due_at" },
    { .name = "deals", .one = "deal", .label = N_("deal"), .noun = &deal_noun, .key = "lead_id", .own = "id",
      .at = "won_at" },
    { .name = "consents", .one = "consent", .label = N_("consent"), .noun = &consent_noun,
      .key = "person_id", .own = "person_id", .at = "at" },
    DEED("claims", "claim", NC_("deed", "claim"), "lead.claimed"),
    DEED("assignments", "assignment", NC_("deed", "assignment"), "lead.assigned"),
    DEED("returns", "return", NC_("deed", "return"), "lead.returned"),
    DEED("stage_changes", "stage_change", NC_("deed", "change of stage"), "lead.stage_changed"),
    { .name = "events", .one = "event", .label = N_("event"), .noun = &lead_event_noun, .key = "subject",
      .own = "id", .at = "at", .only = "r.noun = 'lead'" },
    { .name = NULL },
};

static const struct noun_span lead_spans[] = {
    { "idle", N_("not followed up for"), "last_follow_up_at", "received_at" },
    { "age", N_("known for"), "created_at", NULL },
    { .name = NULL },
};

static const struct noun_change lead_changes[] = {
    { "stage", "lead.stage_changed lead.won lead.lost" },
    { "owner", "lead.claimed lead.assigned lead.returned" },
    { "pool", "lead.claimed lead.assigned lead.returned" },
    { "tags", "lead.tagged" },
    { .field = NULL },
};

const struct noun lead_noun = {
    .name = "lead", .plural = "leads", .label = N_("leads"), .table = "lead", .rec = &lead_record,
    .scope = "branch_id", .code = "external_id", .sort = "left_at", .attr_table = "lead_x",
    .columns = "no,name,product,channel,intent,stage,owner,left_at",
    .lists = lead_lists, .spans = lead_spans, .changes = lead_changes, .bucket = "person_id",
};

const struct noun *const nouns[] = {
    &branch_noun,  &employee_noun, &account_noun,   &channel_noun, &product_noun,
    &tag_noun,     &pool_noun,     &stage_noun,     &person_noun,  &consent_noun,
    &lead_noun,    &deal_noun,     &follow_up_noun, &task_noun,    &message_noun,
    &custom_field_noun, &event_noun, &audit_noun,   &import_noun,  &segment_noun,
    &filter_noun,  NULL,
};

static bool name_equal(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (*a != *b && !(*a == '-' && *b == '_'))
            return false;
    return *a == *b;
}

const struct noun *noun_find(const char *name)
{
    for (size_t i = 0; nouns[i]; i++)
        if (name_equal(name, nouns[i]->name) || name_equal(name, nouns[i]->plural))
            return nouns[i];
    return NULL;
}
