/* One-time codes, by the vectors of the RFCs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/guard/totp.h"
#include "tests/unit/tmpdb.h"

static const unsigned char rfc_secret[] = "12345678901234567890";       /* RFC 4226 and 6238 */

/* RFC 2202, 3. */
static void hmac_sha_1(void **state)
{
    static const struct { unsigned char key; size_t nkey; const char *text; const char *mac; } cases[] = {
        { 0x0b, 20, "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00" },
        { 0x0c, 20, "Test With Truncation", "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04" },
        { 0xaa, 80, "Test Using Larger Than Block-Size Key - Hash Key First",
          "aa4ae5e15272d00e95705637ce8a3b55ed402112" },
        { 0xaa, 80, "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
          "e8e99d0f45237d786d6bbaa7965c7808bbff1a91" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char key[80], mac[20];
        char hex[41];
        memset(key, cases[i].key, sizeof key);
        totp_hmac(key, cases[i].nkey, (const unsigned char *)cases[i].text, strlen(cases[i].text), mac);
        for (int b = 0; b < 20; b++)
            snprintf(hex + 2 * b, 3, "%02x", mac[b]);
        assert_string_equal(hex, cases[i].mac);
    }
}

/* RFC 4226, appendix D. */
static void codes_by_a_counter(void **state)
{
    static const uint32_t codes[] = { 755224, 287082, 359152, 969429, 338314,
                                      254676, 287922, 162583, 399871, 520489 };
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(totp_code(rfc_secret, 20, i, 6), codes[i]);
}

/* RFC 6238, appendix B. */
static void codes_by_the_time(void **state)
{
    static const struct { int64_t s; uint32_t code; } cases[] = {
        { 59, 94287082 },         { 1111111109, 7081804 },  { 1111111111, 14050471 },
        { 1234567890, 89005924 }, { 2000000000, 69279037 }, { INT64_C(20000000000), 65353130 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(totp_code(rfc_secret, 20, cases[i].s / 30, 8), cases[i].code);
}

/* At 59 s the half minute is the first, whose code is 287082; those beside it are 755224 and 359152. */
static void a_code_holds_in_three_half_minutes(void **state)
{
    static const struct { const char *code; int64_t last; int64_t step; } cases[] = {
        { "287082", -1, 1 }, { "755224", -1, 0 }, { "359152", -1, 2 }, { "287 082", -1, 1 },
        { "969429", -1, -1 }, { "287082", 1, -1 }, { "755224", 1, -1 }, { "359152", 1, 2 },
        { "28708", -1, -1 }, { "2870820", -1, -1 }, { "28708x", -1, -1 }, { "", -1, -1 },
        { "２８７０８２", -1, -1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t step = -1;
        bool fits = totp_fits(rfc_secret, cases[i].code, 59 * CLOCK_SECOND, cases[i].last, &step);
        if (fits != (cases[i].step >= 0) || step != cases[i].step)
            fail_msg("%s after %d: %d, step %d", cases[i].code, (int)cases[i].last, fits, (int)step);
    }
}

/* base32 as RFC 4648 has it, made by hand of the twenty characters. */
static void a_secret_is_read_and_written(void **state)
{
    struct tmpdb *t = *state;
    unsigned char bytes[TOTP_BYTES];
    char text[TOTP_TEXT];
    struct ctx c = tmpdb_ctx(t);
    assert_true(totp_secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", bytes));
    assert_memory_equal(bytes, rfc_secret, 20);
    assert_false(totp_secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ", bytes));
    assert_false(totp_secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", bytes));
    assert_int_equal(db_begin(t->db, &t->err), ST_OK);
    assert_int_equal(totp_start(&c, ACCOUNT + ROLE_STAFF, text), ST_OK);
    assert_int_equal(db_commit(t->db, &t->err), ST_OK);
    assert_true(totp_secret(text, bytes));
    assert_string_equal(raw_text(t->path, arena_printf(&t->arena, "select count(*) from account_totp where "
                                                       "instr(secret_enc, '%s')", text), &t->arena), "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_sha_1),
        cmocka_unit_test(codes_by_a_counter),
        cmocka_unit_test(codes_by_the_time),
        cmocka_unit_test(a_code_holds_in_three_half_minutes),
        cmocka_unit_test_setup_teardown(a_secret_is_read_and_written, tmpdb_setup, tmpdb_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
