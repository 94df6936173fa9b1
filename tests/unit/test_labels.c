/* The labels of nouns: people read them, and type them in conditions, in either language. Within a noun no
 * two fields may have the same one, and a word of two meanings is translated by its meaning. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/i18n.h"
#include "core/lang/lang.h"
#include "core/model/labels.h"
#include "core/model/noun.h"
#include "core/model/nouns.h"

static const char *const languages[] = { "en", "zh_CN" };

static void no_two_fields_of_a_noun_share_a_label(void **state)
{
    (void)state;
    for (size_t l = 0; l < sizeof languages / sizeof *languages; l++) {
        assert_string_equal(i18n_set(languages[l]), languages[l]);
        for (const struct noun *const *n = nouns; *n; n++)
            for (size_t i = 0; i < (*n)->rec->nfields; i++)
                for (size_t j = 0; j < i; j++) {
                    const char *x = i18n_text((*n)->rec->fields[i].label);
                    if (strcmp(x, i18n_text((*n)->rec->fields[j].label)) == 0)
                        fail_msg("%s: %s is the label of %s and of %s", languages[l], x,
                                 (*n)->rec->fields[i].name, (*n)->rec->fields[j].name);
                }
    }
}

static const char *label_of(const struct noun *n, const char *field)
{
    for (size_t i = 0; i < n->rec->nfields; i++)
        if (strcmp(n->rec->fields[i].name, field) == 0)
            return i18n_text(n->rec->fields[i].label);
    return "";
}

static void words_of_two_meanings_are_told_apart(void **state)
{
    static const struct { const struct noun *noun; const char *field, *en, *zh; } rows[] = {
        { &lead_noun, "no", "number", "编号" },
        { &lead_noun, "created_at", "created at", "创建时间" },
        { &lead_noun, "updated_at", "changed at", "更新时间" },
        { &lead_noun, "closed_at", "closed at", "关闭时间" },
        { &event_noun, "subject", "subject", "对象编号" },
        { &audit_noun, "subject", "subject", "对象编号" },
        { &task_noun, "subject", "subject", "事项" },
        { &consent_noun, "note", "note", "备注" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        i18n_set("en");
        assert_string_equal(label_of(rows[i].noun, rows[i].field), rows[i].en);
        i18n_set("zh_CN");
        assert_string_equal(label_of(rows[i].noun, rows[i].field), rows[i].zh);
    }
}

static void labels_of_both_languages_always_hold(void **state)
{
    static const char *const typed[][2] = {
        { "阶段", "stage" },
        { "更新时间", "updated_at" },
        { "changed at", "updated_at" },
        { "Created At", "created_at" },
    };
    const struct lang_env env = { .noun = &lead_noun };
    struct lang_name n;

    (void)state;
    for (size_t l = 0; l < sizeof languages / sizeof *languages; l++) {
        i18n_set(languages[l]);
        for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
            assert_int_equal(lang_name_find(&env, typed[i][0], &n, NULL), ST_OK);
            assert_string_equal(n.field->name, typed[i][1]);
            assert_string_equal(record_field_called(lead_noun.rec, typed[i][0])->name, typed[i][1]);
        }
        assert_string_equal(choice_find(intent_choices, "高")->code, "high");
        assert_string_equal(choice_find(intent_choices, "High")->code, "high");
        assert_null(record_field_called(lead_noun.rec, ""));
        assert_null(record_field_called(lead_noun.rec, "阶级"));
    }
}

/* A word that is one field's label here and another's there is what the console in use shows. */
static void the_language_in_use_goes_before_the_other(void **state)
{
    struct thing { const char *a, *b; };
    static const struct field fields[] = {
        FIELD_TEXT(struct thing, a, "stage"), FIELD_TEXT(struct thing, b, "阶段"),
    };
    static const struct record thing = RECORD(struct thing, "thing", fields);
    static const struct noun things = { .name = "thing", .plural = "things", .rec = &thing };
    const struct lang_env env = { .noun = &things };
    struct lang_name n;

    (void)state;
    i18n_set("en");         /* here the first is shown as "stage", there as the second is in both */
    assert_int_equal(lang_name_find(&env, "阶段", &n, NULL), ST_OK);
    assert_string_equal(n.field->name, "b");
    assert_string_equal(record_field_called(&thing, "阶段")->name, "b");
    i18n_set("zh_CN");      /* two are shown so: neither */
    assert_int_equal(lang_name_find(&env, "阶段", &n, NULL), ST_INVALID);
    assert_null(record_field_called(&thing, "阶段"));
    assert_string_equal(record_field_called(&thing, "Stage")->name, "a");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_fields_of_a_noun_share_a_label),
        cmocka_unit_test(words_of_two_meanings_are_told_apart),
        cmocka_unit_test(labels_of_both_languages_always_hold),
        cmocka_unit_test(the_language_in_use_goes_before_the_other),
    };

    i18n_init("en");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
