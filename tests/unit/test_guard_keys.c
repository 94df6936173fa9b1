/* The key file and what is sealed with it: nothing opens with another key, in another place, or
 * changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/model/nouns.h"
#include "tests/unit/tmpdb.h"

static const char *key_file(struct tmpdb *t)
{
    return arena_printf(&t->arena, "%s/%s.key", t->keydir, TMPDB_ID);
}

static char *slurp(struct tmpdb *t, const char *path, size_t *n)
{
    char *text = arena_alloc(&t->arena, 4096);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    *n = fread(text, 1, 4095, f);
    fclose(f);
    return text;
}

static void spill(const char *path, const char *text, size_t n)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
}

static void not_loaded(struct tmpdb *t, const char *code)
{
    struct keys *k = NULL;
    assert_int_equal(keys_load(t->keydir, TMPDB_ID, &k, &t->err), ST_FAILED);
    assert_string_equal(t->err.code, code);
    assert_null(k);
}

static const void *seal(struct tmpdb *t, const char *table, const char *column, int64_t id,
                        const char *plain, size_t *len)
{
    const struct sealer *s = keys_sealer(t->keys);
    return s->seal(s->self, &t->arena, table, column, id, plain, strlen(plain), len);
}

static const char *unseal(struct tmpdb *t, const struct keys *k, const char *table,
                          const char *column, int64_t id, const void *box, size_t len)
{
    const struct sealer *s = keys_sealer(k);
    err_clear(&t->err);
    return s->open(s->self, &t->arena, table, column, id, box, len, &t->err);
}

/* ---- the file -------------------------------------------------------------------------------- */

static void the_file_is_its_owners_alone(void **state)
{
    struct tmpdb *t = *state;
    struct stat st;
    assert_int_equal(stat(key_file(t), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(stat(t->keydir, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
}

static void what_was_made_is_what_is_loaded(void **state)
{
    struct tmpdb *t = *state;
    struct keys *k;
    unsigned char x[32], y[32];
    assert_int_equal(keys_load(t->keydir, TMPDB_ID, &k, &t->err), ST_OK);
    assert_string_equal(keys_id(k), TMPDB_ID);
    keys_mac(t->keys, "audit", "abc", 3, x);
    keys_mac(k, "audit", "abc", 3, y);
    assert_memory_equal(x, y, 32);
    keys_mac(k, "answer", "abc", 3, y);
    assert_memory_not_equal(x, y, 32);
    keys_mac(k, "audit", "abd", 3, y);
    assert_memory_not_equal(x, y, 32);
    keys_free(k);
}

static void a_key_is_never_overwritten(void **state)
{
    struct tmpdb *t = *state;
    struct keys *k = NULL;
    assert_int_equal(keys_create(t->keydir, TMPDB_ID, &k, &t->err), ST_CONFLICT);
    assert_string_equal(t->err.code, "keys.exists");
    assert_null(k);
    assert_int_equal(keys_create(t->keydir, "other", &k, &t->err), ST_OK);
    keys_free(k);
}

static void names_that_leave_the_folder_are_refused(void **state)
{
    static const char *const ids[] = { "", "../x", "a/b", "A", "a b", "ab.key" };
    struct tmpdb *t = *state;
    struct keys *k = NULL;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        assert_int_equal(keys_create(t->keydir, ids[i], &k, &t->err), ST_INVALID);
        assert_int_equal(keys_load(t->keydir, ids[i], &k, &t->err), ST_INVALID);
        assert_int_equal(keys_import(t->keydir, ids[i], "", &t->err), ST_INVALID);
        assert_string_equal(t->err.code, "keys.id");
    }
}

static void every_changed_byte_of_the_file_shows(void **state)
{
    struct tmpdb *t = *state;
    size_t n;
    char *text = slurp(t, key_file(t), &n);
    for (size_t i = 0; i < n; i++) {
        text[i] ^= 1;
        spill(key_file(t), text, n);
        not_loaded(t, "keys.damaged");
        text[i] ^= 1;
    }
    for (size_t len = 0; len < n; len += 7) {
        spill(key_file(t), text, len);
        not_loaded(t, "keys.damaged");
    }
    text[n] = '\n';
    spill(key_file(t), text, n + 1);
    not_loaded(t, "keys.damaged");
}

static void open_doors_are_refused(void **state)
{
    static const mode_t modes[] = { 0640, 0604, 0620, 0610, 0601, 0666 };
    struct tmpdb *t = *state;
    struct keys *k;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        chmod(key_file(t), modes[i]);
        not_loaded(t, "keys.open_to_others");
    }
    chmod(key_file(t), 0400);
    chmod(t->keydir, 0770);
    not_loaded(t, "keys.open_to_others");
    assert_int_equal(keys_create(t->keydir, "other", &k, &t->err), ST_FAILED);
    assert_string_equal(t->err.code, "keys.open_to_others");
    chmod(t->keydir, 0755);
    assert_int_equal(keys_load(t->keydir, TMPDB_ID, &k, &t->err), ST_OK);
    keys_free(k);
}

static void what_is_no_plain_file_is_refused(void **state)
{
    struct tmpdb *t = *state;
    const char *elsewhere = tmpdb_path(t, "elsewhere");
    assert_int_equal(rename(key_file(t), elsewhere), 0);
    not_loaded(t, "keys.missing");
    assert_string_equal(t->err.param[0], TMPDB_ID);
    assert_int_equal(symlink(elsewhere, key_file(t)), 0);
    not_loaded(t, "keys.read");
    unlink(key_file(t));
    assert_int_equal(mkfifo(key_file(t), 0600), 0);
    not_loaded(t, "keys.damaged");
}

static void another_databases_key_under_this_name_is_refused(void **state)
{
    struct tmpdb *t = *state;
    struct keys *k;
    assert_int_equal(keys_create(t->keydir, "other", &k, &t->err), ST_OK);
    keys_free(k);
    assert_int_equal(rename(arena_printf(&t->arena, "%s/other.key", t->keydir), key_file(t)), 0);
    not_loaded(t, "keys.damaged");
}

static void the_default_folder_follows_the_environment(void **state)
{
    struct tmpdb *t = *state;
    assert_string_equal(keys_dir("/etc/k", &t->arena), "/etc/k");
    setenv("HOME", "/home/x", 1);
    setenv("XDG_CONFIG_HOME", "/cfg", 1);
    assert_string_equal(keys_dir(NULL, &t->arena), "/cfg/gonghai/keys");
    setenv("XDG_CONFIG_HOME", "relative", 1);
    assert_string_equal(keys_dir(NULL, &t->arena), "/home/x/.config/gonghai/keys");
    unsetenv("XDG_CONFIG_HOME");
    assert_string_equal(keys_dir("", &t->arena), "/home/x/.config/gonghai/keys");
}

/* ---- on paper -------------------------------------------------------------------------------- */

static void the_written_key_makes_the_same_file(void **state)
{
    struct tmpdb *t = *state;
    size_t n, m;
    char *before = slurp(t, key_file(t), &n), *text = keys_print(t->keys, &t->arena);
    for (char *p = text; *p; p++)       /* as a person types it */
        *p = *p == ' ' ? '-' : *p >= 'a' && *p <= 'f' ? (char)(*p - 32) : *p;
    assert_int_equal(keys_import(t->keydir, TMPDB_ID, text, &t->err), ST_CONFLICT);
    unlink(key_file(t));
    assert_int_equal(keys_import(t->keydir, TMPDB_ID, text, &t->err), ST_OK);
    char *after = slurp(t, key_file(t), &m);
    assert_int_equal(n, m);
    assert_memory_equal(before, after, n);
}

static void a_slip_of_the_pen_is_noticed(void **state)
{
    struct tmpdb *t = *state;
    char *text = keys_print(t->keys, &t->arena);
    unlink(key_file(t));
    for (char *p = text; *p; p++) {
        char was = *p;
        if (was == ' ')
            continue;
        *p = was == '0' ? '1' : '0';
        assert_int_equal(keys_import(t->keydir, TMPDB_ID, text, &t->err), ST_INVALID);
        assert_string_equal(t->err.code, "keys.text");
        *p = was;
    }
    assert_int_equal(keys_import(t->keydir, "abcd", text, &t->err), ST_INVALID);
    assert_int_equal(keys_import(t->keydir, TMPDB_ID, text + 5, &t->err), ST_INVALID);
    assert_int_equal(keys_import(t->keydir, TMPDB_ID, "", &t->err), ST_INVALID);
    assert_int_equal(keys_import(t->keydir, TMPDB_ID, arena_printf(&t->arena, "%s 0", text),
                                 &t->err), ST_INVALID);
    assert_int_equal(keys_import(t->keydir, TMPDB_ID, text, &t->err), ST_OK);
}

/* ---- several keys ---------------------------------------------------------------------------- */

static int add_key(struct tmpdb *t)
{
    int number = 0;
    assert_int_equal(keys_add(t->keys, &number, &t->err), ST_OK);
    return number;
}

static void put_in_use(struct tmpdb *t, const char *numbers)
{
    tmpdb_run(t, arena_printf(&t->arena, "insert into meta (key, value) values ('keys', '%s') on conflict "
                              "(key) do update set value = excluded.value", numbers));
}

/* A transaction learns which keys are in use. */
static enum status learn(struct tmpdb *t)
{
    enum status st = db_begin_read(t->db, &t->err);
    if (!st)
        db_end_read(t->db);
    return st;
}

static void a_second_key_is_used_when_the_data_says_so(void **state)
{
    struct tmpdb *t = *state;
    const struct sealer *s = keys_sealer(t->keys);
    unsigned char first[16], second[16], former[16];
    size_t n, m;
    const void *old = seal(t, "lead", "phone", 1, "13812345678", &n);
    assert_int_equal(keys_number_of(old, n), 1);
    s->index(s->self, "phone", "13812345678", first);
    assert_int_equal(add_key(t), 2);
    assert_int_equal(learn(t), ST_OK);
    assert_int_equal(keys_current(t->keys), 1);
    assert_false(s->former(s->self, "phone", "13812345678", former));
    put_in_use(t, "2 1");
    assert_int_equal(learn(t), ST_OK);
    const void *new = seal(t, "lead", "phone", 1, "13812345678", &m);
    assert_int_equal(keys_number_of(new, m), 2);
    assert_string_equal(unseal(t, t->keys, "lead", "phone", 1, old, n), "13812345678");
    assert_string_equal(unseal(t, t->keys, "lead", "phone", 1, new, m), "13812345678");
    s->index(s->self, "phone", "13812345678", second);
    assert_true(s->former(s->self, "phone", "13812345678", former));
    assert_memory_equal(first, former, 16);
    assert_memory_not_equal(first, second, 16);

    unsigned char *lied = arena_memdup(&t->arena, new, m);      /* one key's value under another's number */
    lied[1] = 1;
    assert_null(unseal(t, t->keys, "lead", "phone", 1, lied, m));
    assert_string_equal(t->err.code, "secret.damaged");
}

/* A console that was open before another process made a key. */
static void who_was_open_before_reads_the_file_again(void **state)
{
    struct tmpdb *t = *state;
    struct keys *before;
    size_t n;
    assert_int_equal(keys_load(t->keydir, TMPDB_ID, &before, &t->err), ST_OK);
    add_key(t);
    put_in_use(t, "2 1");
    assert_int_equal(learn(t), ST_OK);
    const void *box = seal(t, "lead", "phone", 1, "13812345678", &n);
    assert_string_equal(unseal(t, before, "lead", "phone", 1, box, n), "13812345678");
    keys_free(before);
    unlink(key_file(t));
    put_in_use(t, "3 2");
    assert_int_equal(learn(t), ST_FAILED);
    assert_string_equal(t->err.code, "keys.absent");
    assert_string_equal(t->err.param[0], "3");
}

static void a_forgotten_key_proves_and_opens_nothing(void **state)
{
    struct tmpdb *t = *state;
    unsigned char before[32], after[32];
    size_t n;
    const void *box = seal(t, "lead", "phone", 1, "13812345678", &n);
    keys_mac_of(t->keys, 1, "audit", "abc", 3, before);
    add_key(t);
    put_in_use(t, "2 0");
    assert_int_equal(learn(t), ST_OK);
    assert_int_equal(keys_forget(t->keys, 7, &t->err), ST_NOT_FOUND);
    assert_int_equal(keys_forget(t->keys, 1, &t->err), ST_OK);
    assert_null(unseal(t, t->keys, "lead", "phone", 1, box, n));
    assert_string_equal(t->err.code, "secret.key");
    assert_true(keys_mac_of(t->keys, 1, "audit", "abc", 3, after));
    assert_memory_equal(before, after, 32);
    assert_false(keys_mac_of(t->keys, 1, "backup", "abc", 3, after));
    assert_false(keys_mac_of(t->keys, 1, "index", "abc", 3, after));
    assert_false(keys_mac_of(t->keys, 9, "audit", "abc", 3, after));
}

static void a_file_of_several_keys_is_as_strict(void **state)
{
    struct tmpdb *t = *state;
    struct stat st;
    struct keys *k;
    add_key(t);
    put_in_use(t, "2 0");
    assert_int_equal(learn(t), ST_OK);
    add_key(t);
    assert_int_equal(keys_forget(t->keys, 1, &t->err), ST_OK);
    assert_int_equal(stat(key_file(t), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(access(arena_printf(&t->arena, "%s.new", key_file(t)), F_OK), -1);
    every_changed_byte_of_the_file_shows(state);
    unlink(key_file(t));
    assert_int_equal(keys_import(t->keydir, TMPDB_ID, keys_print(t->keys, &t->arena), &t->err), ST_OK);
    assert_int_equal(keys_load(t->keydir, TMPDB_ID, &k, &t->err), ST_OK);
    assert_int_equal(keys_count(k), 3);
    assert_true(keys_info(k, 2).past);
    keys_free(k);
}

static void a_file_that_a_killed_process_left_is_in_nobodys_way(void **state)
{
    struct tmpdb *t = *state;
    spill(arena_printf(&t->arena, "%s.new", key_file(t)), "half", 4);
    assert_int_equal(add_key(t), 2);
    assert_int_equal(keys_reload(t->keys, &t->err), ST_OK);
    assert_int_equal(keys_count(t->keys), 2);
}

static void a_full_file_takes_no_more(void **state)
{
    struct tmpdb *t = *state;
    int number;
    for (int i = 2; i <= KEYS_MOST; i++)
        assert_int_equal(add_key(t), i);
    assert_int_equal(keys_add(t->keys, &number, &t->err), ST_CONFLICT);
    assert_string_equal(t->err.code, "keys.full");
    assert_int_equal(keys_reload(t->keys, &t->err), ST_OK);
    assert_int_equal(keys_count(t->keys), KEYS_MOST);
}

static void several_keys_on_paper_make_the_same_file(void **state)
{
    struct tmpdb *t = *state;
    size_t n, m;
    for (int i = 0; i < 3; i++)
        add_key(t);
    put_in_use(t, "4 0");
    assert_int_equal(learn(t), ST_OK);
    assert_int_equal(keys_forget(t->keys, 2, &t->err), ST_OK);
    char *before = slurp(t, key_file(t), &n), *text = keys_print(t->keys, &t->arena);
    unlink(key_file(t));
    size_t line = strcspn(text, "\n");
    assert_true(line < 90);
    assert_false(keys_text_whole(arena_strndup(&t->arena, text, line)));
    assert_false(keys_text_whole(arena_strndup(&t->arena, text, strlen(text) - 1)));
    assert_true(keys_text_whole(text));
    for (size_t i = 3; i < strlen(text); i += 7) {
        char was = text[i];
        if (was == ' ' || was == '\n')
            continue;
        text[i] = was == '0' ? '1' : '0';
        assert_int_equal(keys_import(t->keydir, TMPDB_ID, text, &t->err), ST_INVALID);
        text[i] = was;
    }
    assert_int_equal(keys_import(t->keydir, TMPDB_ID, text, &t->err), ST_OK);
    char *after = slurp(t, key_file(t), &m);
    assert_int_equal(n, m);
    assert_memory_equal(before, after, n);
}

static void a_copy_lies_elsewhere(void **state)
{
    struct tmpdb *t = *state;
    struct stat st;
    struct keys *k;
    const char *beside = tmpdb_path(t, "copy.key"), *dir = tmpdb_path(t, "safe");
    add_key(t);
    assert_int_equal(keys_copy(t->keys, t->path, beside, &t->err), ST_INVALID);
    assert_string_equal(t->err.code, "keys.beside");
    assert_int_equal(mkdir(dir, 0700), 0);
    const char *copy = arena_printf(&t->arena, "%s/%s.key", dir, TMPDB_ID);
    assert_int_equal(keys_copy(t->keys, t->path, copy, &t->err), ST_OK);
    assert_int_equal(stat(copy, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(keys_copy(t->keys, t->path, copy, &t->err), ST_CONFLICT);
    assert_int_equal(keys_load(dir, TMPDB_ID, &k, &t->err), ST_OK);
    assert_int_equal(keys_count(k), 2);
    keys_free(k);
}

/* ---- sealing --------------------------------------------------------------------------------- */

static void sealed_values_open_where_they_belong(void **state)
{
    struct tmpdb *t = *state;
    const char *values[] = { "13812345678", "", "赵倩影@银行.cn", NULL };
    char *huge = arena_alloc(&t->arena, 5001);
    memset(huge, 'x', 5000);
    values[3] = huge;
    for (size_t i = 0; i < 4; i++) {
        size_t len;
        const void *box = seal(t, "lead", "phone", -7, values[i], &len);
        assert_int_equal(len, strlen(values[i]) + 42);
        assert_string_equal(unseal(t, t->keys, "lead", "phone", -7, box, len), values[i]);
    }
}

static void it_opens_nowhere_else(void **state)
{
    struct tmpdb *t = *state;
    size_t len;
    const void *box = seal(t, "lead", "phone", 1, "13812345678", &len);
    assert_null(unseal(t, t->keys, "lead", "phone", 2, box, len));
    assert_string_equal(t->err.code, "secret.damaged");
    assert_string_equal(t->err.param[2], "2");
    assert_null(unseal(t, t->keys, "lead", "email", 1, box, len));
    assert_null(unseal(t, t->keys, "person", "phone", 1, box, len));

    struct keys *other;
    assert_int_equal(keys_create(t->keydir, "other", &other, &t->err), ST_OK);
    assert_null(unseal(t, other, "lead", "phone", 1, box, len));
    assert_string_equal(t->err.code, "secret.damaged");
    keys_free(other);
}

static void every_changed_bit_and_every_cut_is_noticed(void **state)
{
    struct tmpdb *t = *state;
    size_t len;
    const unsigned char *box = seal(t, "lead", "phone", 1, "13812345678", &len);
    unsigned char *bad = arena_memdup(&t->arena, box, len);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        bad[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_null(unseal(t, t->keys, "lead", "phone", 1, bad, len));
        bad[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    for (size_t n = 0; n < len; n++)
        assert_null(unseal(t, t->keys, "lead", "phone", 1, box, n));
    assert_null(unseal(t, t->keys, "lead", "phone", 1, NULL, 0));
}

static void later_formats_are_told_apart_from_damage(void **state)
{
    struct tmpdb *t = *state;
    size_t len;
    unsigned char *box = arena_memdup(&t->arena, seal(t, "lead", "phone", 1, "x", &len), 43);
    assert_int_equal(len, 43);
    box[0] = 2;
    assert_null(unseal(t, t->keys, "lead", "phone", 1, box, len));
    assert_string_equal(t->err.code, "secret.version");
    box[0] = 1;
    box[1] = 9;
    assert_null(unseal(t, t->keys, "lead", "phone", 1, box, len));
    assert_string_equal(t->err.code, "secret.key");
    assert_string_equal(t->err.param[0], "9");
}

/* Two boxes under one nonce would give both values away. */
static void no_two_values_share_a_nonce(void **state)
{
    enum { N = 2000 };
    static unsigned char nonces[N][24];
    struct tmpdb *t = *state;
    for (int i = 0; i < N; i++) {
        size_t len;
        const char *value = arena_printf(&t->arena, "138%08d", i / 4);
        const char *table = i & 1 ? "lead" : "person", *column = i & 2 ? "phone" : "email";
        const unsigned char *box = seal(t, table, column, 5 + i % 8 / 4, value, &len);
        memcpy(nonces[i], box + 2, 24);
        for (int j = 0; j < i; j++)
            assert_memory_not_equal(nonces[i], nonces[j], 24);
    }
}

static void the_blind_index_finds_equals_only(void **state)
{
    struct tmpdb *t = *state;
    const struct sealer *s = keys_sealer(t->keys);
    unsigned char x[16], y[16];
    char *huge = arena_alloc(&t->arena, 1001);
    memset(huge, '1', 1000);
    s->index(s->self, "phone", "13812345678", x);
    s->index(s->self, "phone", "13812345678", y);
    assert_memory_equal(x, y, 16);
    s->index(s->self, "phone", "13812345679", y);
    assert_memory_not_equal(x, y, 16);
    s->index(s->self, "id_no", "13812345678", y);
    assert_memory_not_equal(x, y, 16);
    s->index(s->self, "phon", "e13812345678", y);
    assert_memory_not_equal(x, y, 16);
    s->index(s->self, "phone", huge, x);
    s->index(s->self, "phone", huge, y);
    assert_memory_equal(x, y, 16);

    struct keys *other;
    assert_int_equal(keys_create(t->keydir, "other", &other, &t->err), ST_OK);
    s = keys_sealer(other);
    s->index(s->self, "phone", huge, y);
    assert_memory_not_equal(x, y, 16);
    keys_free(other);
}

/* ---- in the database ------------------------------------------------------------------------- */

static void add_person(struct tmpdb *t, int64_t id, const char *phone)
{
    struct person *p = record_new(person_noun.rec, &t->arena);
    p->head = (struct row_head){ id, 1, TMPDB_NOW, TMPDB_NOW };
    p->phone = phone;
    p->deceased = p->minor = 0;
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    assert_int_equal(row_insert(t->db, &person_noun, p, &t->arena, &t->err), ST_OK);
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
}

/* Somebody with a database tool puts a number that he may not see into a row that he may see. */
static void a_ciphertext_carried_to_another_row_is_refused(void **state)
{
    struct tmpdb *t = *state;
    const struct lens clear = { .show_secrets = true };
    struct person *p = record_new(person_noun.rec, &t->arena);
    add_person(t, 1, "13812345678");
    add_person(t, 2, "13987654321");
    assert_int_equal(row_get(t->db, &person_noun, 2, &clear, &t->arena, p, &t->err), ST_OK);
    assert_string_equal(p->phone, "13987654321");
    raw_run(t->path, "update person set phone_enc = (select phone_enc from person where id = 1)"
            " where id = 2");
    assert_int_equal(row_get(t->db, &person_noun, 2, &clear, &t->arena, p, &t->err), ST_FAILED);
    assert_string_equal(t->err.code, "secret.damaged");
    assert_int_equal(row_get(t->db, &person_noun, 1, &clear, &t->arena, p, &t->err), ST_OK);
}

static void no_phone_number_is_plain_in_the_file(void **state)
{
    struct tmpdb *t = *state;
    add_person(t, 1, "13812345678");
    raw_run(t->path, "pragma wal_checkpoint(truncate)");
    FILE *f = fopen(t->path, "r");
    assert_non_null(f);
    char *all = malloc(4 << 20);
    size_t n = fread(all, 1, 4 << 20, f);
    fclose(f);
    assert_non_null(memmem(all, n, "华东", strlen("华东")));    /* names are plain: the right file */
    assert_null(memmem(all, n, "13812345678", 11));
    free(all);
}

#define test(f) cmocka_unit_test_setup_teardown(f, tmpdb_setup, tmpdb_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(the_file_is_its_owners_alone),
        test(what_was_made_is_what_is_loaded),
        test(a_key_is_never_overwritten),
        test(names_that_leave_the_folder_are_refused),
        test(every_changed_byte_of_the_file_shows),
        test(open_doors_are_refused),
        test(what_is_no_plain_file_is_refused),
        test(another_databases_key_under_this_name_is_refused),
        test(the_default_folder_follows_the_environment),
        test(the_written_key_makes_the_same_file),
        test(a_slip_of_the_pen_is_noticed),
        test(a_second_key_is_used_when_the_data_says_so),
        test(who_was_open_before_reads_the_file_again),
        test(a_forgotten_key_proves_and_opens_nothing),
        test(a_file_of_several_keys_is_as_strict),
        test(a_file_that_a_killed_process_left_is_in_nobodys_way),
        test(a_full_file_takes_no_more),
        test(several_keys_on_paper_make_the_same_file),
        test(a_copy_lies_elsewhere),
        test(sealed_values_open_where_they_belong),
        test(it_opens_nowhere_else),
        test(every_changed_bit_and_every_cut_is_noticed),
        test(later_formats_are_told_apart_from_damage),
        test(no_two_values_share_a_nonce),
        test(the_blind_index_finds_equals_only),
        test(a_ciphertext_carried_to_another_row_is_refused),
        test(no_phone_number_is_plain_in_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
