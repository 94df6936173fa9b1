/* sentences.c - every sentence that tells somebody why something was refused or went wrong, and what to do.
 *
 * The parameters of a code stand where the code is described: in the header of the function that gives it.
 */
#include "core/api/sentences.h"

#include "base/i18n.h"

const struct sentence sentences[] = {
    /* claims: the result codes of the domain */
    { "CLOSED", N_("This lead is closed already. Refresh the list and take another one.") },

    { "FROZEN", N_("Marketing to this customer is stopped. Choose another lead.") },

    { "IN_POOL", N_("This lead is in the public pool already. Nothing is left to do.") },

    { "NOT_MEMBER",
      N_("You do not belong to this public pool[, \"%1\"]. Ask your supervisor to assign the "
         "lead to you.") },

    { "OFF_DUTY",
      N_("You are on leave or have left, so you can't claim leads. Ask your supervisor to put "
         "you on duty.") },

    { "POOL_DISABLED", N_("The public pool \"%1\" is switched off. Choose another pool.") },

    { "TAKEN", N_("Somebody was faster[: the lead is with %1 now]. Choose another lead.") },

    { "account.employee_left",
      N_("Employee %1 has left and gets no account. Choose another employee.") },
    { "account.last_secadmin",
      N_("Without %1 nobody could manage accounts any more. Appoint another security "
         "administrator first.") },
    { "account.local_owner",
      N_("The local owner's account can only be switched off. Make an account of its own for "
         "other work.") },
    { "account.locked_for", N_("Too many wrong passwords. Wait %1 min, then try again.") },
    { "account.login_reserved",
      N_("The login \"%1\" is kept for Gonghai itself. Choose another one.") },
    { "account.no_branch",
      N_("These roles need a scope. Give the account an employee or a branch.") },
    { "account.no_role",
      N_("An account needs at least one role. Name its roles, for example staff.") },
    { "account.not_found", N_("There is no such account. List the accounts to see their logins.") },
    { "account.own",
      N_("Nobody changes his own roles, scope or state. Ask another security administrator.") },
    { "account.role_local",
      N_("The local owner is whoever made the database; the role can't be given. Choose another "
         "role.") },
    { "account.role_unknown",
      N_("There is no role \"%1\". Choose among sysadmin, secadmin, auditadmin, staff, "
         "supervisor, operations, head_office, config and auditor.") },
    { "account.roles_apart",
      N_("One account may not hold %1 together: these duties are kept apart. Spread them over "
         "several accounts.") },

    { "actor.inactive",
      N_("The account %1 is switched off. Ask the security administrator to switch it on.") },
    { "actor.left", N_("The employee of account %1 has left. Use another account.") },
    { "actor.local_ended",
      N_("The three officers have been appointed, so the role of the local owner has ended. "
         "Log in with an account of your own: --as LOGIN.") },
    { "actor.local_only",
      N_("The account %1 is the local owner's and opens only for the OS user who made the "
         "database. Use another account.") },
    { "actor.other_user", N_("This file opens for the OS user who made it, not for %1. Log in with "
                             "an account and its password: "
                             "--as LOGIN.") },
    { "actor.roles", N_("The account %1 holds roles that do not go together (%2). Ask the security "
                        "administrator to set them anew.") },
    { "actor.unknown",
      N_("There is no account %1 in this database. Use another one with --as, or ask the "
         "security administrator for one.") },

    { "api_key.ended", N_("This API key has ended. Make a new one.") },
    { "api_key.local_owner",
      N_("The local owner comes in on this machine only and needs no API key. Make an account of its own for "
         "the program.") },
    { "api_key.person",
      N_("This is done by a person who has logged in, not with an API key. Log in with the password.") },
    { "api_key.right_not_yours",
      N_("An API key has no more rights than its account, which may not: %1. Leave that right out.") },
    { "api_key.right_unknown",
      N_("There is no right \"%1\". Take names such as lead.read, by comma.") },
    { "api_key.unknown", N_("There is no such API key. Check it, or make a new one.") },

    { "as.denied", N_("--as needs the right to manage accounts. Leave it out, or ask the security "
                      "administrator.") },

    { "audit.anchor",
      N_("This is no anchor of this database's audit log. Give the line that `gonghai audit "
         "anchor` printed.") },
    { "audit.edited",
      N_("A row of the audit log[ (%1)] was changed, moved or put in. Keep the file as it is and "
         "tell the audit administrator.") },
    { "audit.head",
      N_("The head of the audit log is missing or was made with another key. Keep the file as it "
         "is and tell the audit administrator.") },
    { "audit.inserted",
      N_("Rows stand in the audit log[ (from %1 on)] that Gonghai never wrote. Keep the file as "
         "it is and tell the audit administrator.") },
    { "audit.key", N_("The key that proves row %1 of the audit log is not in the key file. Put "
                      "back the file that "
                      "has it.") },
    { "audit.missing",
      N_("Rows of the audit log are gone[ before row %1]. Keep the file as it is and tell the "
         "audit administrator.") },
    { "audit.rewritten",
      N_("This is not the audit log that the anchor was taken from. Keep the file as it is and "
         "tell the audit administrator.") },
    { "audit.truncated",
      N_("The last rows of the audit log are gone. Keep the file as it is and tell the audit "
         "administrator.") },

    { "backup.damaged", N_("The backup %1 is cut short or was changed. Use another backup.") },
    { "backup.exists", N_("%1 is there already. Choose another name for the backup.") },
    { "backup.in_use", N_("Somebody has %1 open. Close all consoles on it and try again.") },
    { "backup.key",
      N_("The backup %1 was made with another key, or its beginning was changed. Put the key of "
         "its database in place, or use another backup.") },
    { "backup.missing", N_("There is no backup %1. Check the name.") },
    { "backup.newer",
      N_("The backup %1 has a newer format (%2). Use the version of Gonghai that made it, or a "
         "later one.") },
    { "backup.not_ours",
      N_("%1 is no backup of Gonghai. Choose a file that `gonghai backup` made.") },
    { "backup.read",
      N_("The backup %1 can't be read: %2. Check the disk and the rights of the file.") },
    { "backup.server",
      N_("Only a local database file can be backed up here. Run the backup where the server "
         "keeps its file.") },
    { "backup.target_exists",
      N_("%1 is there already. Choose another place, or replace it with --replace.") },
    { "backup.write",
      N_("%1 can't be written: %2. Check the disk's space and the rights of the folder.") },

    { "branch.has_branches",
      N_("Branches below it in use: %1. Move them, or switch them off, first.") },
    { "branch.has_employees", N_("Employees at this branch: %1. Move them to another one first.") },
    { "branch.has_leads", N_("Open leads of this branch: %1. Move them to another one first.") },
    { "branch.has_pools",
      N_("%1 public pools of this branch are in use. Move them, or switch them off, first.") },
    { "branch.head_office_needed", N_("The head office can't be switched off. Leave it active.") },
    { "branch.head_office_stays",
      N_("The head office stands above all branches. Leave out the branch above it.") },
    { "branch.inactive",
      N_("The branch %1 is switched off. Choose another branch, or switch it on first.") },

    { "cancelled",
      N_("Stopped, as you asked. What was finished before stays; start it again to go on.") },

    { "cli.audit_nothing", N_("No row of the audit log is proven.") },
    { "cli.audit_proven",
      N_("The audit log is proven up to its last whole row: %1 rows, the last of %2.") },
    { "cli.choice", N_("--%1 takes %2, not \"%3\". Choose one of them.") },
    { "cli.columns",
      N_("There is no column \"%1\" in %2.[ Did you mean %3?] Use the names that `gonghai list "
         "%2 --format json` prints.") },
    { "cli.docs", N_("There is no page \"%1\". Choose man, completion, guide or keys.") },
    { "cli.exists", N_("%1 is there already. Choose another name.") },
    { "cli.file", N_("%1 can't be opened: %2. Check the name and the rights.") },
    { "cli.file_stdin",
      N_("There is nothing on the standard input. Give the JSON as an argument, or pipe it in.") },
    { "cli.group", N_("`%1` needs one more word: %2. Add one.") },
    { "cli.key_changed",
      N_("Key %1 is in use now; key %2 stays in the key file, for older backups.") },
    { "cli.key_copied",
      N_("The key file is in %1. Keep it away from the database and its backups.") },
    { "cli.key_file_there", N_("There is a key file %1 already, and it is not replaced. If it is "
                               "damaged, move it away first.") },
    { "cli.key_forgotten",
      N_("Key %1 is forgotten. Backups that were made with it can't be read any more.") },
    { "cli.key_restored", N_("The key opens this database; its file is in place again.") },
    { "cli.kind", N_("There is no kind \"%1\".[ Did you mean %2?] Choose one of %3.") },
    { "cli.made", N_("The database %1 is made. Open it with `gonghai --db %1`.") },
    { "cli.missing", N_("%1 is missing. Add it.") },
    { "cli.no_as", N_("--password-file belongs to an account. Name it with --as LOGIN.") },
    { "cli.no_input", N_("The operation %1 takes no input. Leave the JSON out.") },
    { "cli.no_key",
      N_("No key was given. Type the printed key, or send it to the standard input.") },
    { "cli.no_meaning", N_("--%1 means nothing to this command. Leave it out.") },
    { "cli.no_value", N_("--%1 takes no value. Leave out \"%2\".") },
    { "cli.number", N_("--%1 takes a whole number from %2 to %3. Give one.") },
    { "cli.password_file_empty", N_("There is no password in %1. Write it into the first line.") },
    { "cli.password_file_open", N_("Others may read the password file %1. Take that from them "
                                   "(chmod 600), and choose a new password.") },
    { "cli.rejects",
      N_("The rejected rows are in %1, each with its reason. Mend them there and import that "
         "file.") },
    { "cli.server_db", N_("--db and --server name two places. Give one of them.") },
    { "cli.server_local",
      N_("The command %1 works on a database of this machine, not through a server. Name the "
         "database with --db, on the machine where it lies.") },
    { "cli.setting",
      N_("There is no setting \"%1\".[ Did you mean %2?] `gonghai config` shows them all.") },
    { "cli.size",
      N_("--size takes columns and rows, like 120x40. Give at least 20x5 and at most 500x200.") },
    { "cli.stdin", N_("The standard input can't be read: %1. Check where it comes from.") },
    { "cli.stdout",
      N_("The output can't be written: %1. Check the disk's space, or where the output goes.") },
    { "cli.time", N_("--now takes a time like 2026-11-22T08:30, not \"%1\". Give one.") },
    { "cli.too_many",
      N_("\"%1\" is one word too many. Leave it out, or quote words that belong together.") },
    { "cli.twice", N_("--%1 stands there twice. Give it once.") },
    { "cli.unknown_command",
      N_("There is no command \"%1\".[ Did you mean %2?] `gonghai --help` lists them.") },
    { "cli.unknown_language",
      N_("The languages are en and zh_CN, not \"%1\". Choose one of them.") },
    { "cli.unknown_operation",
      N_("There is no operation \"%1\".[ Did you mean %2?] `gonghai call --operations` lists "
         "them.") },
    { "cli.unknown_option",
      N_("There is no option %1 here.[ Did you mean %2?] `%3 --help` lists them.") },
    { "cli.utf8", N_("\"%1\" is not well-formed text. Type it in the terminal's own encoding.") },
    { "cli.value", N_("--%1 needs a value: %2. Add it.") },

    { "cond.empty_value",
      N_("Nothing stands between the quotes at column %2. Write `%1 is empty` if that is meant.") },
    { "cond.linked", N_("\"%1\" can be read as one text or as several (column %2). Put it in "
                        "quotes if it is one; else "
                        "write %3.") },
    { "cond.masked_equality",
      N_("You see %1 masked, so a condition may only compare it with a full value by =, != or in "
         "(column %2). Write the whole value.") },
    { "cond.masked_rate", N_("You have asked for %2 full values of what you see masked within an "
                             "hour. Wait %1 min, or ask for "
                             "fewer.") },
    { "cond.masked_sort",
      N_("You see %1 masked, so nothing can be sorted by it. Sort by another column.") },
    { "cond.no_order",
      N_("Nothing can be sorted by %1: a row may have several. Sort by another column.") },
    { "cond.no_values", N_("There are no values of %1 to choose from. Type %2.") },
    { "cond.operator", N_("%1 can't be tested with `%2` (column %3). Use another comparison.") },
    { "cond.order", N_("The order goes wrong at column %1[, at \"%2\"]: %3 is expected.[ Did you "
                       "mean \"%4\"?] Mend it there.") },
    { "cond.order_long", N_("An order has %1 fields at most. Leave some out.") },
    { "cond.pattern", N_("The pattern \"%2\" for %1 has more than %4 stars, or is too long (column "
                         "%3). Make it simpler.") },
    { "cond.secret_kept", N_("A condition that is kept can't hold %1: it would be stored in clear "
                             "(column %2). Ask for it each "
                             "time, or list the leads.") },
    { "cond.segment_ring", N_("The segment %1 asks for itself, or lies too deep in others (column "
                              "%2). Take the ring apart.") },
    { "cond.syntax",
      N_("The condition goes wrong at column %1[, at \"%2\"]: %3 is expected.[ Did you mean "
         "\"%4\"?] Mend it there.") },
    { "cond.too_deep",
      N_("The condition has more than %1 levels of `not` and parentheses. Make it simpler.") },
    { "cond.too_long", N_("The condition is longer than %1 bytes. Make it shorter.") },
    { "cond.too_many", N_("There are more than %1 values in one list. Make it shorter.") },
    { "cond.too_many_segments", N_("The condition stands for those of more than %1 segments. Make "
                                   "it, or the segments, simpler.") },
    { "cond.too_wide", N_("Conditions that are asked at once may look at %1 columns, and these "
                          "look at more. Ask fewer at a "
                          "time.") },
    { "cond.type", N_("%1 can't be compared with \"%2\" (column %4). Write %3.") },
    { "cond.unknown_field",
      N_("There is no field \"%1\" (column %3).[ Did you mean %2?] Use a name that the list has "
         "as a column.") },
    { "cond.unknown_list", N_("Nothing called \"%1\" can be counted (column %3).[ Did you mean "
                              "%2?] follow_ups, deals and tasks can.") },
    { "cond.unknown_value",
      N_("%1 has no \"%2\" (column %4).[ Did you mean %3?] Write a value that exists.") },

    { "config.environment",
      N_("The variable %1 is \"%2\", but takes %3. Change it, or unset it.") },
    { "config.file",
      N_("%1[, line %2]: %3 names the file %4, which can't be read. Mend the name, or take the "
         "setting out.") },
    { "config.lock",
      N_("%1, line %2: only the system's file may lock a key. Take the \"!\" of \"%3\" away.") },
    { "config.locked", N_("--%1 goes against %2, which is locked by %3, line %4. Leave the option "
                          "out, or ask who runs "
                          "this system.") },
    { "config.server_db", N_("%1 names a database and %2 a server. Take one of them out.") },
    { "config.unknown",
      N_("%1, line %2: there is no setting \"%3\". Check its spelling and its section.") },
    { "config.value", N_("%1, line %2: %3 takes %5, not \"%4\". Change it.") },

    { "custom_field.choice_used",
      N_("The choice \"%1\" is in use by leads. Keep it, or change those leads first.") },
    { "custom_field.empty_choice", N_("One of the choices is empty. Give each choice a word.") },
    { "custom_field.key", N_("\"%1\" can't be a key: small letters, digits and _ only, at most %2. "
                             "Choose another key.") },
    { "custom_field.no_choices",
      N_("Only a custom field of type choice has choices. Leave them out, or make it a choice.") },
    { "custom_field.same_choice", N_("The choice \"%1\" stands there twice. Leave one out.") },
    { "custom_field.too_many",
      N_("There are %1 custom fields already, and no more are possible. Use one of them.") },
    { "custom_field.too_many_choices",
      N_("A custom field has at most %1 choices. Leave some out, or make it a text.") },

    { "db.busy", N_("The database is busy for too long. Wait a moment and try again.") },
    { "db.cannot_open",
      N_("The database %1 can't be opened. Check that the file and its folder may be read and "
         "written by you.") },
    { "db.constraint", N_("The database refused the row (%1). Check the values and try again.") },
    { "db.corrupt",
      N_("The database file is damaged (%1). Stop working on it and restore the last backup.") },
    { "db.disk_full", N_("The disk is full. Make room and try again.") },
    { "db.empty",
      N_("There is no Gonghai database in %1 yet. Make one with `gonghai --db %1 init`.") },
    { "db.error", N_("The database says: %1. Run `gonghai doctor`, and try again.") },
    { "db.folder", N_("%1 is a folder. Name a file in it, such as %1/bank.db.") },
    { "db.incomplete",
      N_("The database lacks the %1 \"%2\" that every database has. Create it, or restore the "
         "last backup.") },
    { "db.io",
      N_("The disk failed while reading or writing the database (%1). Check the disk, then run "
         "`gonghai doctor`.") },
    { "db.migrated",
      N_("Another program has changed the database's schema meanwhile. Leave this program and "
         "start it again.") },
    { "db.missing",
      N_("There is no database %1. Check the name, or make one with `gonghai --db %1 init`.") },
    { "db.network_fs",
      N_("%1 lies on a network file system, which can't hold the database safely. Move it to a "
         "local disk.") },
    { "db.newer",
      N_("The database has schema %1, this program knows only up to %2. Use the newer version of "
         "Gonghai.") },
    { "db.no_postgres",
      N_("This version keeps its data in SQLite files only. Give --db the path of a file.") },
    { "db.not_ours", N_("%1 is no database of Gonghai. Choose another file.") },
    { "db.older",
      N_("The database has an older schema than this program. Open it once with the right to "
         "write, and it is brought up to date.") },
    { "db.open", N_("The database can't be opened. Check the path and the rights of the file.") },
    { "db.read_only", N_("The database can be read but not written. Check the rights of the file "
                         "and its folder.") },
    { "db.references", N_("Rows of %1 refer to rows that are not there, so the database was left "
                          "at its older schema. "
                          "Ask for support.") },
    { "db.too_big", N_("A value is too big for the database. Make it shorter.") },
    { "db.unique",
      N_("There is such a row already (%1). Change it instead of making another one.") },

    { "demo.leads", N_("A demo has 1 to 20,000,000 leads. Give a number in these bounds.") },

    { "doctor.bad",
      N_("Something is wrong with this database. Keep a copy of the file, and restore the last "
         "good backup or ask for support.") },
    { "doctor.counter",
      N_("Counters behind the rows they number: %1. Restore the last good backup.") },
    { "doctor.follow_ups", N_("Leads that count their follow-ups wrong: %1. Ask for support.") },
    { "doctor.gram",
      N_("Entries of the search by name that belong to no lead: %1. Ask for support.") },
    { "doctor.import", N_("%1 imports stopped half way. Import their files again with the same "
                          "options: each goes on "
                          "where it stopped.") },
    { "doctor.key_change",
      N_("The change from key %1 to key %2 has not ended. Go on with it: `gonghai key rotate`.") },
    { "doctor.key_unknown",
      N_("%2 values are sealed with key number %1, which is not in the key file. Put back the file "
         "that has it.") },
    { "doctor.lead_deal",
      N_("Leads won without a deal, or with a deal without being won: %1. Ask for support.") },
    { "doctor.lead_place", N_("Open leads with no place, or two: %1. Ask for support.") },
    { "doctor.lead_stage",
      N_("Leads open at a closed stage, or the other way round: %1. Ask for support.") },
    { "doctor.name", N_("Leads not found by their names: %1. Ask for support.") },
    { "doctor.open_to_others",
      N_("Everybody on this machine may read or write %1. Take that right away (chmod o-rwx).") },
    { "doctor.reference",
      N_("Rows of %1 refer to rows that are not there. Restore the last good backup.") },
    { "doctor.same_code", N_("Leads whose external id differs from an older lead's by "
                             "case only: %1. The code names "
                             "the older lead unless it is written exactly so: %2.") },
    { "doctor.space", N_("Only %1 MiB are free on the disk. Make room.") },
    { "doctor.task", N_("Tasks open though their leads are closed: %1. Ask for support.") },

    { "email.invalid", N_("This is no e-mail address. Write it like name@bank.cn.") },

    { "employee.has_leads",
      N_("%1 still has open leads[ (%2)]. Assign them to somebody else first.") },
    { "employee.has_left", N_("%1 has left. Choose somebody else.") },

    { "export.ending",
      N_("The name %1 does not say which format is meant. Let it end in .csv or .json.") },
    { "export.not_file", N_("%1 is no ordinary file. Choose another name.") },
    { "export.open", N_("%1 can't be written: %2. Choose another folder, or check its rights.") },
    { "export.ours",
      N_("%1 is a database or a key: nothing is written over it. Choose another name.") },
    { "export.write",
      N_("%1 could not be written to the end: %2. Make room on the disk and try again.") },

    { "field.choice", N_("\"%2\" is no value of %1. Choose one of its values.") },
    { "field.compound", N_("%1 can't be given as one text. Give its parts by their own names.") },
    { "field.fixed", N_("%1 can't be changed afterwards. Leave it out.") },
    { "field.flag", N_("%1 is yes or no. Give one of them.") },
    { "field.id", N_("%1 is an id: digits only[, not \"%2\"]. Give the id as the lists show it.") },
    { "field.integer", N_("%1 is a whole number[, not \"%2\"]. Give one.") },
    { "field.long", N_("%1 is too long: %2 bytes at most. Make it shorter.") },
    { "field.many", N_("There are too many in %1: %2 at most. Take some away.") },
    { "field.money", N_("%1 is an amount in yuan with at most two decimals[, not \"%2\"]. Give one "
                        "like 1234.50.") },
    { "field.number", N_("%1 is a number[, not \"%2\"]. Give one like 12.5.") },
    { "field.range", N_("%1 lies between %2 and %3. Give a value in these bounds.") },
    { "field.read_only", N_("%1 is set by Gonghai itself. Leave it out.") },
    { "field.required", N_("%1 is missing. Fill it in.") },
    { "field.time",
      N_("%1 is a date, with or without a time[, not \"%2\"]. Write it like 2026-11-22 08:30.") },
    { "field.utf8", N_("%1 is not well-formed text. Type it anew.") },

    { "http.id", N_("\"%1\" is no id of a row, or another one than the request's body has. Give "
                    "the id once.") },
    { "http.if_match", N_("If-Match must be a version in quotes, such as \"4\", or *, and the same "
                          "as in the body; it is %1. "
                          "Correct it.") },
    { "http.length",
      N_("A request's length must be said (Content-Length), not its pieces. Send it whole.") },
    { "http.method", N_("This path takes %1 only. Use one of them.") },
    { "http.no_version", N_("Which version is changed is not said. Send it as If-Match, or * for "
                            "whatever there is.") },
    { "http.path", N_("There is nothing at %1. Check the path.") },
    { "http.query", N_("The part \"%1\" of the query can't be read. Escape it as UTF-8; there may "
                       "be 64 parts.") },
    { "http.size", N_("The request is larger than %1. Send less at once.") },
    { "http.twice", N_("\"%1\" is given twice. Give it once.") },
    { "http.type", N_("The body must be application/json, not \"%1\". Say so in Content-Type.") },

    { "id_number.checksum",
      N_("The last character of the id number does not fit the others. Check its digits.") },
    { "id_number.invalid",
      N_("This is no id number. Give all 18 characters as they stand on the card.") },

    { "import.again",
      N_("This file was imported before, on %2. Leave it, or take it once more with --again.") },
    { "import.attr",
      N_("\"%1\" is no custom field to import into. Write attr.NAME or attr.NAME:TYPE, with the "
         "type text, number, date, choice or flag.") },
    { "import.binary", N_("This file is no table of text. Export it as CSV and import that.") },
    { "import.cell_size",
      N_("The cell in line %1 is longer than 1 MiB; perhaps a quote never closes. Check the "
         "quotes near this line.") },
    { "import.changed",
      N_("The file was changed while it was read. Import it again when it is complete.") },
    { "import.columns",
      N_("Line %1 has more than 4096 columns. Check which character separates the columns.") },
    { "import.conflict",
      N_("Line %1 is a marker of an unresolved merge. Resolve the merge and import the result.") },
    { "import.create_right",
      N_("\"%1\" does not exist, and you lack the right to make it. Ask for it to be made, or "
         "leave out --create-missing.") },
    { "import.date", N_("This is no date. Write it like 2026-11-22 or 2026-11-22 08:30.") },
    { "import.date_order",
      N_("It is not clear whether day or month comes first. Say so with --dates mdy or --dates "
         "dmy.") },
    { "import.dates_ask",
      N_("The file's dates could be read with the month or the day first. Say which with --dates "
         "mdy or --dates dmy.") },
    { "import.dates_clash",
      N_("Some of the file's dates can only have the month first, others only the day. Mend the "
         "dates in the file.") },
    { "import.dates_word", N_("There is no order of dates \"%1\". Choose mdy, dmy or ymd.") },
    { "import.duplicate",
      N_("This row is there already[ (%1)]. Leave it out, or import with --on-duplicate skip or "
         "update.") },
    { "import.empty", N_("The file is empty. Choose a file with a header and rows.") },
    { "import.encoding",
      N_("The file is not well-formed %1: byte %2, line %3. Save it in that encoding, or name "
         "another one with --encoding.") },
    { "import.encoding_name",
      N_("There is no encoding \"%1\". Choose utf-8, utf-16le, utf-16be or gb18030.") },
    { "import.encoding_unknown",
      N_("The file is neither UTF-8 nor Chinese text (byte %1, line %2). Name its encoding with "
         "--encoding.") },
    { "import.exponent",
      N_("A spreadsheet turned this number into an exponent, and digits are lost. Format the "
         "column as text and export the file again.") },
    { "import.extra_cells",
      N_("This row has more cells than the header. Check its separators and quotes.") },
    { "import.flag", N_("This is neither yes nor no. Write yes or no, 1 or 0.") },
    { "import.header",
      N_("The header in line %1 has a quote at fault. Mend the quotes of the header.") },
    { "import.html", N_("This file is a web page, not a table. Export the table itself as CSV.") },
    { "import.integer", N_("This is no whole number. Write digits only.") },
    { "import.lfs",
      N_("This file is only a pointer to the real one (Git LFS). Fetch the real file with `git "
         "lfs pull`.") },
    { "import.map",
      N_("The mapping \"%1\" is not FIELD=COLUMN,FIELD=COLUMN. Mend it; put a column name with a "
         "comma or = in quotes.") },
    { "import.money",
      N_("This is no amount. Write yuan with at most two decimals, like 1234.50.") },
    { "import.no_attrs",
      N_("There are no custom fields of %1. Leave out the attr. part of the mapping.") },
    { "import.no_columns",
      N_("No column of %1 has the name of a field: its columns are %2. Say with "
         "--map which column fills which field; among the fields are %3.") },
    { "import.no_custom_field",
      N_("There is no custom field \"%1\". Make it first, or import with --create-missing.") },
    { "import.no_file", N_("There is no file %1. Check the name.") },
    { "import.no_match",
      N_("There is no such row to change[ (%1)]. Import it with --mode create or upsert.") },
    { "import.not_file", N_("%1 is no ordinary file. Choose a file on the disk.") },
    { "import.nul",
      N_("The file holds a zero byte (byte %1, line %2), so it is no plain table. Export it "
         "again as CSV.") },
    { "import.number", N_("This is no number. Write it like 12.5.") },
    { "import.once",
      N_("--once goes with --watch only. Leave it out, or name a folder to watch.") },
    { "import.open", N_("%1 can't be opened: %2. Check the rights of the file.") },
    { "import.other_options",
      N_("The import of %1 was broken off and would go on now, but with another map, mode or "
         "option than it began with. Give the same ones, or begin anew with --again.") },
    { "import.pdf", N_("This file is a PDF, not a table. Export the table itself as CSV.") },
    { "import.quote",
      N_("Text stands after a closing quote in this row. Double the quotes inside quoted cells.") },
    { "import.read", N_("The file can't be read: %1. Check the disk, and try again.") },
    { "import.rejects_file",
      N_("Refused rows can't be written to %1: it is in use, or something else than a rejects "
         "file. Choose a new name that ends in .csv.") },
    { "import.rejects_folder", N_("Refused rows could not be written to %1: %2. Say with --rejects "
                                  "which file they go to.") },
    { "import.row_size",
      N_("The row in line %1 is longer than 2 MiB; perhaps a quote never closes. Check the "
         "quotes near this line.") },
    { "import.running",
      N_("%1 is being imported elsewhere at this moment. Wait for that import to end; it stands "
         "in the list of imports.") },
    { "import.serial_date",
      N_("This is a spreadsheet's day count, not a date. Format the column as a date and export "
         "the file again.") },
    { "import.twice", N_("Two columns fill %1. Map only one of them.") },
    { "import.unclosed_quote",
      N_("The quote that opens in line %1 never closes. Close it, and import the file again.") },
    { "import.unknown_column",
      N_("The file has no column \"%1\". Its columns are %2. Mend the mapping.") },
    { "import.unknown_field",
      N_("%2 have no field \"%1\" that can be imported. Use another field, or attr.%1 for a "
         "custom one.") },
    { "import.won", N_("A lead is won by its deal. Import it at an open stage, then its deal with "
                       "import deals.") },
    { "import.xlsx", N_("This file is a workbook. Export the sheet as CSV and import that.") },
    { "import.xml", N_("This file is XML, not a table. Export the table itself as CSV.") },

    { "init.exists", N_("There is a database %1 already. Choose another path.") },

    { "json.depth", N_("The JSON is nested more than %1 levels deep. Make it flatter.") },
    { "json.duplicate", N_("The JSON has the member \"%1\" twice. Leave one out.") },
    { "json.object",
      N_("The JSON must be one object in braces, not %1. Write it like {\"limit\": 10}.") },
    { "json.size", N_("The JSON is too large (at most %1). Send less at once.") },
    { "json.syntax",
      N_("The JSON is not well-formed at byte %1. Check quotes, commas and braces there.") },
    { "json.type", N_("\"%1\" takes %2. Change its value.") },
    { "json.unknown", N_("There is no member \"%1\" here. Leave it out, or check its spelling.") },
    { "json.utf8", N_("The JSON is not UTF-8 at byte %1. Save it as UTF-8.") },

    { "key.missing", N_("A write needs an Idempotency-Key: 1 to 128 visible ASCII characters, a "
                        "new one for each.") },
    { "key.reused", N_("This Idempotency-Key was used for another request. Use a new key.") },
    { "key.running", N_("A request with this Idempotency-Key is under way. Ask again in a second.") },
    { "key.shape",
      N_("An Idempotency-Key is 1 to 128 visible characters of ASCII, without blanks. Use another "
         "key.") },

    { "keymap.unreadable",
      N_("The key table %1 can't be read: %2. Check the file, or leave out the setting.") },

    { "keys.absent", N_("Key number %1 is not in the key file %2. Put back the file that has it, "
                        "or restore it from "
                        "its printed copy.") },
    { "keys.beside",
      N_("%1 would lie beside the database: whoever takes the folder has both. Choose another "
         "folder.") },
    { "keys.damaged",
      N_("The key file %1 is damaged. Put the key in place again from its printed copy.") },
    { "keys.exists", N_("There is a key file %1 already. Keep it; choose another database.") },
    { "keys.full",
      N_("The key file holds %1 keys, and no more fit. Forget keys that no backup needs.") },
    { "keys.id",
      N_("\"%1\" is no name of a database. The file may be damaged: restore the last backup.") },
    { "keys.in_use", N_("Key number %1 is in use. Make a new key first.") },
    { "keys.missing",
      N_("The key of this database (%1) is not in %2. Put the key file there, or restore it from "
         "its printed copy.") },
    { "keys.none", N_("There is no key number %1. Look at the list of keys.") },
    { "keys.open_to_others",
      N_("Others than you may read or change %1. Take their rights away (chmod go-rwx) and check "
         "who had access.") },
    { "keys.printed_old", N_("Key number %1 is in use, and what was printed is older. Type the key "
                             "that was printed last.") },
    { "keys.random", N_("The machine gives no random numbers. Try again later.") },
    { "keys.read", N_("The key file %1 can't be read: %2. Check its rights.") },
    { "keys.text",
      N_("This is not the key of this database, or a digit is wrong. Compare it with the printed "
         "copy.") },
    { "keys.unknown", N_("There is no key called \"%1\". Check the spelling.") },
    { "keys.unused",
      N_("Key number %1 is not used yet. Make a new key first; then it can be forgotten.") },
    { "keys.values",
      N_("%2 values are sealed with key number %1. Finish the change of key first.") },
    { "keys.write",
      N_("The key file %1 can't be written: %2. Check the disk and the rights of the folder.") },

    { "lead.assign_right",
      N_("You can't give a lead to somebody else. Take it yourself, or leave it in the pool.") },
    { "lead.born_closed",
      N_("A new lead begins at an open stage. Choose one, then win or lose the lead.") },
    { "lead.duplicate", N_("There is an open lead with this phone and product already: number %1. "
                           "Work on that one.") },
    { "lead.in_pool", N_("This lead is in the public pool. Claim it first.") },
    { "lead.nameless",
      N_("A lead needs a name, a phone, an external id or a custom field. Fill in one of them.") },
    { "lead.needs_place", N_("A lead needs a branch and a product. Fill them in.") },
    { "lead.next_past", N_("The next follow-up lies in the past. Choose a later time.") },
    { "lead.not_yours",
      N_("This lead belongs to somebody else. Ask the owner or the supervisor to hand it over.") },
    { "lead.owner_and_pool",
      N_("A lead is either somebody's or in a pool. Leave out one of the two.") },
    { "lead.receiver_off", N_("%1 is not on duty and gets no leads. Choose somebody else.") },
    { "lead.too_many",
      N_("These are too many leads at once: %1 at most. Do it in several steps.") },
    { "lead.win_it", N_("A lead is won by its deal. Use \"win\" and give the amount.") },
    { "lead.won_future", N_("The deal lies in the future. Give the day on which it was closed.") },
    { "lead.won_stays",
      N_("A won lead keeps its stage, because its deal counts. Correct the deal instead.") },

    { "library.missing",
      N_("The library %1 is not here, or does not work[: %2]. Install it, or ask who runs this "
         "machine.") },

    { "list.columns", N_("A column is named twice. Name each column once.") },
    { "list.cursor", N_("This place in the list is no longer valid. Start the list anew.") },

    { "log.open", N_("The log %1 can't be opened: %2. Check the rights of its folder.") },

    { "login.password", N_("The account %1 opens this database with its password only. Type it on "
                           "a terminal, or name the file that "
                           "holds it: --password-file.") },
    { "login.totp", N_("This account wants a one-time code, too. Give the six digits that its authenticator "
                       "shows.") },
    { "login.totp_wrong",
      N_("The one-time code is wrong, or was used already. Wait for the next one, and check the clock of the "
         "authenticator.") },
    { "login.wrong", N_("Login or password is wrong. Check both and try again.") },

    { "message.assigned", N_("Lead L-%1 is yours now. Follow it up in time.") },
    { "message.lead_unseen",
      N_("%1 may not see this lead. Leave the lead out, or write to somebody else.") },
    { "message.no_sender",
      N_("Your account belongs to no employee, so you can't write messages. Use an account of a "
         "person.") },
    { "message.taken_away",
      N_("Lead %1 was given to somebody else. Nothing is left to do on it.") },

    { "noun.duplicate",
      N_("This %1 exists already[ (%2)]. Change that one, or use another value.") },
    { "noun.not_found", N_("There is no such %1 that you may see. Refresh the list.") },
    { "noun.ring", N_("This %1 would stand above itself. Choose another one above it.") },
    { "noun.stale", N_("Somebody changed this %1 meanwhile. Look at it again, then decide.") },

    { "now.not_test",
      N_("--now works only on databases that are marked demo or test. Leave it out, or make one "
         "with `gonghai init --test`.") },
    { "now.server", N_("--now sets no clock of a server. Leave it out.") },

    { "password.change",
      N_("Your password was set by somebody else. Choose one of your own first: gonghai user password.") },
    { "password.characters",
      N_("The password holds control characters or is not well-formed text. Type it anew.") },
    { "password.classes",
      N_("The password needs three of these: small letters, capitals, digits, other characters. "
         "Choose another one.") },
    { "password.differ", N_("The two passwords are not the same. Type both again.") },
    { "password.expired",
      N_("Your password has been in use for too long. Choose another one first: gonghai user password.") },
    { "password.login", N_("The password contains the login. Choose another one.") },
    { "password.long", N_("The password is too long: %1 bytes at most. Choose a shorter one.") },
    { "password.memory",
      N_("There is not enough memory to check the password. Close other programs and try again.") },
    { "password.none",
      N_("No password was given. Type it, or send it as one line to the standard input.") },
    { "password.past", N_("This was one of your last %1 passwords. Choose another one.") },
    { "password.same", N_("The new password is the old one. Choose another.") },
    { "password.short",
      N_("The password is too short: %1 characters at least. Choose a longer one.") },
    { "password.wrong", N_("Login or password is wrong. Check both and try again.") },

    { "phone.area", N_("This local number has no area code. Write it like 0571-88886666.") },
    { "phone.invalid", N_("This is no phone number. Check its digits.") },
    { "phone.zero_lost",
      N_("The zero of the area code is lost, as spreadsheets do. Format the column as text and "
         "export the file again.") },

    { "pool.default_needed",
      N_("The public pool default can't be switched off, because returned leads go there. Leave "
         "it active.") },
    { "pool.elsewhere", N_("Those of %2 do not see the public pool %1. Choose a pool of that "
                           "branch, or of one above it.") },
    { "pool.has_leads", N_("Leads in this public pool: %1. Assign them first.") },
    { "pool.has_pools", N_("Public pools below this one: %1. Give them another one first.") },
    { "pool.inactive", N_("The public pool %1 is switched off. Choose another one.") },
    { "pool.last", N_("This is the last public pool in use. Make another one first.") },
    { "pool.leads_elsewhere",
      N_("Leads in this pool whose own branches would not see it there: %1. Assign them first.") },
    { "pool.none_above",
      N_("There is no public pool for %1. Make one there, or at a branch above it.") },

    { "product.none_needed",
      N_("The product none can't be switched off, because leads without a product have it. Leave "
         "it active.") },

    { "read.too_slow", N_("This takes longer than %1 s and was stopped. Narrow the condition, for "
                          "example by owner, stage or "
                          "a time.") },

    { "ref.unknown", N_("%1: there is no \"%2\". Use a code that exists.") },

    { "right.missing",
      N_("You lack the right for %1: %2. Ask the security administrator for a role that has it.") },

    { "scope.branch",
      N_("This branch is not in your scope. Ask somebody there, or your head office.") },

    { "secret.damaged",
      N_("%1.%2 of row %3 can't be opened: it was changed, or sealed with another key. Restore "
         "it from a backup.") },
    { "secret.key",
      N_("A value was sealed with key number %1, which is not here. Put that key in place.") },
    { "secret.version",
      N_("A value was sealed by a newer version of Gonghai (format %1). Use that version.") },

    { "segment.by_condition", N_("The segment %1 has a condition and no list. Change its "
                                 "condition, or make a static one.") },
    { "segment.by_snapshot",
      N_("A snapshot is taken by segment.snapshot. Make it there, or choose another kind.") },
    { "segment.leads_or_where", N_("Name the leads, or give a condition: one of the two.") },
    { "segment.listed",
      N_("The segment[ %1] lists its leads, so it takes no condition. Leave the condition out.") },
    { "segment.taken_once",
      N_("The segment %1 is a snapshot and stays as it was taken. Make a static one.") },

    { "server.address", N_("\"%1\" is no address to listen at. Use ADDRESS:PORT or unix:PATH.") },
    { "server.bind",
      N_("The server can't listen at %1: %2. Choose another address, or end what listens there.") },
    { "server.busy",
      N_("The server has more to write than it can just now. Try again in a second.") },
    { "server.job", N_("Imports, exports and changes of keys do not go through a server. Run them on the "
                       "machine where the database lies, with --db.") },
    { "server.listen", N_("What others change can't be listened for: %1. Reload to see it.") },
    { "server.listening", N_("Listening at %1. SIGTERM or Ctrl-C ends it.") },
    { "server.login", N_("The server wants to know who you are. Name your account with --as LOGIN.") },
    { "server.lost",
      N_("The connection to %1 broke before the answer came[: %2]. Nothing was changed; try again.") },
    { "server.no_tls", N_("%1 can be reached from other machines, and there is no TLS. Listen at "
                         "127.0.0.1 or unix:PATH.") },
    { "server.plain",
      N_("%1 would go over the network in clear. Give an address that begins with https://.") },
    { "server.reply",
      N_("What answers there is no server of Gonghai, or something on the way changed the answer[ "
         "(HTTP %1)]. Check the address.") },
    { "server.stopping", N_("The server is being stopped. Try again in a few seconds.") },
    { "server.threads", N_("The server can't start its threads. Raise the limit of processes.") },
    { "server.tls",
      N_("There is no safe connection to %1: %2. Check server.ca, server.cert and server.key, or "
         "ask who runs the server.") },
    { "server.unreachable",
      N_("The server %1 can't be reached: %2. Check the address and the network, then try again.") },
    { "server.unsure",
      N_("The connection to %1 broke before the answer came[: %2], so nobody knows whether the "
         "change was made. Look at it before you do it again.") },
    { "server.url", N_("\"%1\" is no address of a server. Give https://HOST or unix:PATH.") },
    { "server.version",
      N_("The server speaks version %1, this program version %2. Bring the older one up to date.") },

    { "session.ended", N_("This session was ended. Log in again.") },
    { "session.expired", N_("A session lasts no longer than this. Log in again.") },
    { "session.idle", N_("This session was not used for too long. Log in again.") },
    { "session.unknown", N_("Nobody is logged in on this connection. Log in first.") },

    { "settings.dir",
      N_("The folder %1 can't be made: %2. Check the rights of the folder above it.") },
    { "settings.long", N_("%1, line %2 is too long. Make it shorter.") },
    { "settings.missing", N_("There is no file %1. Check the name.") },
    { "settings.open", N_("%1 can't be read: %2. Check the rights of the file.") },
    { "settings.size", N_("%1 is larger than %2 bytes. Make it smaller.") },
    { "settings.syntax",
      N_("%1, line %2 is neither `key = value` nor `%[section%]`. Mend that line.") },
    { "settings.utf8", N_("%1, line %2 is not UTF-8. Save the file as UTF-8.") },
    { "settings.value", N_("The value of %2 does not fit into one line of %1. Make it one line.") },
    { "settings.writable",
      N_("Others than you may change %1. Take away their right to write (chmod go-w).") },
    { "settings.write",
      N_("%1 can't be written: %2. Check the disk and the rights of the folder.") },

    { "share.all", N_("You can't share this with everybody. Share it with a branch, or ask the "
                      "configuration manager.") },
    { "share.branch", N_("You can't share this with a branch. Keep it for yourself, or ask your "
                         "supervisor to share it.") },
    { "share.not_yours", N_("This %1 belongs to somebody else[, %2]. Make one of your own.") },

    { "stage.has_leads", N_("Leads at this stage: %1. Move them to another stage first.") },
    { "stage.inactive", N_("The stage[ %1] is switched off. Choose another stage.") },
    { "stage.needed",
      N_("The stage %1 can't be switched off, because Gonghai itself uses it. Leave it active.") },

    { "tag.both", N_("The tag %1 can't be put on and taken off at once. Name it in one list.") },
    { "tag.inactive", N_("The tag %1 is switched off. Choose another tag.") },
    { "tag.separator", N_("The code of a tag holds no comma, semicolon or bar: these part tags "
                          "from each other. Leave "
                          "it out.") },

    { "task.by_clock", N_("This task follows the lead's own clock. Follow up the lead instead.") },
    { "task.closed", N_("This task is closed already. Refresh the list.") },
    { "task.not_yours", N_("This task is somebody else's. Ask the owner or the supervisor.") },

    { "terminal.dumb",
      N_("This terminal can't place text on the screen. Use `gonghai --plain`, the console of "
         "lines, or another terminal.") },
    { "terminal.none",
      N_("The console needs a terminal. Use `gonghai --plain`, the console of lines, or `gonghai "
         "show home`.") },
    { "terminal.unknown",
      N_("The terminal type \"%1\" is unknown here. Set TERM to a known one, for example "
         "xterm-256color.") },

    { "terms.empty", N_("%1, line %2: nothing stands in place of \"%3\". Give the other word.") },
    { "terms.language",
      N_("%1, line %2: \"%3\" is no language. Put the words into the section zh_CN or en.") },
    { "terms.percent", N_("%1, line %2: what \"%3\" has with a per cent sign must stand in its "
                          "replacement too, in the "
                          "same order. Add it.") },

    { "theme.mistake", N_("%1, line %2: %3. Mend the theme.") },
    { "theme.unknown",
      N_("There is no theme \"%1\". Choose default, light, high-contrast, mono or solar.") },
    { "theme.unreadable",
      N_("The theme %1 can't be read: %2. Check the file, or choose another theme.") },

    { "totp.none", N_("There is no secret that a code could be of. Make one first: account.totp_start.") },
    { "totp.on", N_("This account has one-time codes already. Take them off first: account.totp_clear.") },
    { "totp.wrong",
      N_("The one-time code is wrong, or was used already. Wait for the next one, and check the clock of the "
         "authenticator.") },

    { "undo.late",
      N_("Only what was done in the last %1 minutes can be taken back. Change the lead again "
         "instead.") },
    { "undo.not_yours",
      N_("The last change of this lead was another's. Only one's own can be taken back.") },
    { "undo.nothing",
      N_("The last thing that happened to this lead can't be taken back. Change the lead "
         "again instead.") },

    { "view.unknown", N_("There is no view \"%1\". Choose one of these: %2.") },

    { "watch.folder", N_("The folder %1 can't be watched: %2. Check its name and rights.") },
    { "watch.gone", N_("The folder %1 was moved or removed. Watch it where it is now.") },
    { "watch.kind",
      N_("The name %1 does not begin with what the file holds. Name it like leads-1.csv or "
         "deals-1.csv.") },
    { "watch.move",
      N_("%1 was taken but can't be moved to %2: %3. Check the rights of the folder.") },
    { "watch.ready", N_("Watching %1. Ctrl-C ends it.") },
    { "watch.senseless", N_("--%1 has no meaning with --watch. Leave it out.") },
    { "watch.taken", N_("Another process watches %1. End that one first.") },
};
const size_t sentences_n = sizeof sentences / sizeof *sentences;
