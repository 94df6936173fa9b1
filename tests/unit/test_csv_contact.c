/* Phones, e-mails and id numbers in normal form. */
#include "test_csv.h"

#include "core/model/contact.h"

struct contact_case { const char *in, *normal, *code; };

static void check(const struct contact_case *c, const char *got, const char *code)
{
    if (strcmp(code ? code : "", c->code ? c->code : "") != 0 || strcmp(got, c->normal ? c->normal : "") != 0)
        fail_msg("'%s' gives '%s' %s", c->in, got, code ? code : "");
}

static void phones(void **state)
{
    static const struct contact_case cases[] = {
        { "13800138000", "13800138000", NULL },
        { " 138 0013 8000\t", "13800138000", NULL },
        { "138-0013-8000", "13800138000", NULL },
        { "138–0013—8000", "13800138000", NULL },                       /* en and em dash */
        { "１３８００１３８０００", "13800138000", NULL },
        { "+86 138 0013 8000", "13800138000", NULL },
        { "＋８６ 13800138000", "13800138000", NULL },
        { "(+86)13800138000", "13800138000", NULL },
        { "008613800138000", "13800138000", NULL },
        { "8613800138000", "13800138000", NULL },
        { "013800138000", "13800138000", NULL },
        { "'13800138000", "13800138000", NULL },
        { "\xE2\x80\xAD" "13800138000\xE2\x80\xAC", "13800138000", NULL },  /* copied from an address book */
        { "12800138000", NULL, "phone.invalid" },                       /* no 12x */
        { "1380013800", NULL, "phone.invalid" },
        { "138001380000", NULL, "phone.invalid" },
        { "13800138000.0", NULL, "phone.invalid" },
        { "1.38E+10", NULL, "phone.invalid" },
        { "13800138000/13900139000", NULL, "phone.invalid" },
        { "010-88886666", "01088886666", NULL },
        { "(010) 8888 6666", "01088886666", NULL },
        { "+86 10 8888 6666", "01088886666", NULL },
        { "861088886666", "01088886666", NULL },
        { "0571-8888666", "05718888666", NULL },
        { "057188886666", "057188886666", NULL },
        { "021-1234567", NULL, "phone.invalid" },
        { "1088886666", NULL, "phone.zero_lost" },
        { "57188886666", NULL, "phone.zero_lost" },
        { "2095257564", NULL, "phone.zero_lost" },
        { "88886666", NULL, "phone.area" },
        { "8888666", NULL, "phone.area" },
        { "400-820-8820", "4008208820", NULL },
        { "+852 2345 6789", "+85223456789", NULL },
        { "0014155552671", "+14155552671", NULL },
        { "+1 (415) 555-2671", "+14155552671", NULL },
        { "+0 123 4567", NULL, "phone.invalid" },
        { "+123456", NULL, "phone.invalid" },
        { "+1234567890123456", NULL, "phone.invalid" },                 /* 16 digits */
        { "+86 123", NULL, "phone.invalid" },
        { "++8613800138000", NULL, "phone.invalid" },
        { "138+00138000", NULL, "phone.invalid" },
        { "", NULL, "phone.invalid" },
        { "无", NULL, "phone.invalid" },
        { "95588", NULL, "phone.invalid" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[PHONE_TEXT] = "x";
        const char *code = phone_normal(cases[i].in, out);

        check(&cases[i], out, code);
        if (code == NULL) {     /* a normal form is its own */
            char again[PHONE_TEXT];

            assert_null(phone_normal(out, again));
            assert_string_equal(again, out);
        }
    }
}

static void emails(void **state)
{
    static const struct contact_case cases[] = {
        { "Wang@Example.COM", "wang@example.com", NULL },
        { "  a.b+c@mail.example.cn \xC2\xA0", "a.b+c@mail.example.cn", NULL },
        { "王小明@例子.中国", "王小明@例子.中国", NULL },
        { "a＠b．com", "a@b.com", NULL },
        { "o'neil_1@x-y.org", "o'neil_1@x-y.org", NULL },
        { "a@b@c.com", NULL, "email.invalid" }, { "a b@c.com", NULL, "email.invalid" },
        { "a@b", NULL, "email.invalid" },       { "@b.com", NULL, "email.invalid" },
        { "a@", NULL, "email.invalid" },        { "a@.com", NULL, "email.invalid" },
        { "a@b..com", NULL, "email.invalid" },  { "a@b.com.", NULL, "email.invalid" },
        { ".a@b.com", NULL, "email.invalid" },  { "a.@b.com", NULL, "email.invalid" },
        { "a..b@c.com", NULL, "email.invalid" },{ "a@b.c", NULL, "email.invalid" },
        { "a@-b.com", NULL, "email.invalid" },  { "a@b-.com", NULL, "email.invalid" },
        { "a@1.2.3.4", NULL, "email.invalid" }, { "a@b.com;c@d.com", NULL, "email.invalid" },
        { "a@b.com；", NULL, "email.invalid" },  { "a@b。com", NULL, "email.invalid" },
        { "<a@b.com>", NULL, "email.invalid" }, { "", NULL, "email.invalid" },
        { "a\xE2\x80\x8B@b.com", NULL, "email.invalid" },               /* a zero-width blank inside */
        { "a\x01@b.com", NULL, "email.invalid" }, { "无", NULL, "email.invalid" },
        { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.com", NULL, "email.invalid" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[EMAIL_TEXT] = "x";
        const char *code = email_normal(cases[i].in, out);

        check(&cases[i], out, code);
    }
}

/* 11010519491231002X and 440524188001010014 are the examples of GB 11643-1999 itself. */
static void id_numbers(void **state)
{
    static const struct contact_case cases[] = {
        { "11010519491231002X", "11010519491231002X", NULL },
        { "11010519491231002x", "11010519491231002X", NULL },
        { "110105 19491231 002X", "11010519491231002X", NULL },
        { "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", NULL },
        { "'440524188001010014", "440524188001010014", NULL },
        { "110105194912310021", NULL, "id_number.checksum" },
        { "110105194912310120", NULL, "id_number.checksum" },           /* two digits exchanged */
        { "440524188001010000", NULL, "id_number.checksum" },           /* a spreadsheet's 15 digits */
        { "110105194902310029", NULL, "id_number.invalid" },            /* 31 February */
        { "110105194913310029", NULL, "id_number.invalid" },
        { "110105491231002", NULL, "id_number.invalid" },               /* the old 15 digits */
        { "1101051949123100", NULL, "id_number.invalid" },
        { "11010519491231002XX", NULL, "id_number.invalid" },
        { "1101051949123100X2", NULL, "id_number.invalid" },
        { "", NULL, "id_number.invalid" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[IDNO_TEXT] = "x";
        const char *code = idno_normal(cases[i].in, out);

        check(&cases[i], out, code);
    }
}

static void id_numbers_hold_the_birthday(void **state)
{
    int y, m, d;

    (void)state;
    idno_birthday("11010519491231002X", &y, &m, &d);
    assert_int_equal(y, 1949);
    assert_int_equal(m, 12);
    assert_int_equal(d, 31);
}

/* Nothing that fits a cell makes these write past their buffers. */
static void long_texts_are_refused(void **state)
{
    char text[2000], phone[PHONE_TEXT], email[EMAIL_TEXT], idno[IDNO_TEXT];

    (void)state;
    for (size_t n = 0; n < sizeof text - 1; n += 7) {
        memset(text, '1', n);
        text[n] = '\0';
        (void)phone_normal(text, phone);
        (void)idno_normal(text, idno);
        memset(text, 'a', n);
        if (n > 10)
            memcpy(text + n - 6, "@b.com", 6);
        assert_true(email_normal(text, email) == NULL || email[0] == '\0');
        memset(text, ' ', n);
        assert_string_equal(phone_normal(text, phone), "phone.invalid");
        assert_string_equal(email_normal(text, email), "email.invalid");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phones),
        cmocka_unit_test(emails),
        cmocka_unit_test(id_numbers),
        cmocka_unit_test(id_numbers_hold_the_birthday),
        cmocka_unit_test(long_texts_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
