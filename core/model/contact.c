#include "core/model/contact.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum { RAW_MAX = 320 };

static bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }
static bool is_lower(uint32_t c) { return c >= 'a' && c <= 'z'; }

/* Blanks, and what copying from chats and address books leaves around a number without being seen. */
static bool unseen(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0xA0 || c == 0x2007 || c == 0x202F ||
           c == 0x3000 || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

/* A half-width copy; false if it is longer than any contact. */
static bool halfwidth_copy(const char *s, char out[RAW_MAX])
{
    size_t n = strlen(s);

    if (n >= RAW_MAX)
        return false;
    memcpy(out, s, n + 1);
    text_halfwidth(out);
    return true;
}

/* ---- phones ---------------------------------------------------------------------------------------- */

/* What may stand between digits: blanks, brackets, and every dash a keyboard or an editor makes. */
static bool phone_filler(uint32_t c)
{
    return unseen(c) || c == '-' || c == '(' || c == ')' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

/* The digits of s, at most `max`; *plus says that a + stands before them. -1 for any other character. */
static int phone_digits(const char *s, char *out, int max, bool *plus)
{
    size_t n = strlen(s), len;
    int count = 0;

    *plus = false;
    for (size_t i = 0; i < n; i += len) {
        uint32_t c = text_char(s + i, n - i, &len);

        if (phone_filler(c) || (c == '\'' && i == 0))
            continue;
        if (c == '+' && count == 0 && !*plus) {
            *plus = true;
            continue;
        }
        if (!is_digit(c) || count == max)
            return -1;
        out[count++] = (char)c;
    }
    out[count] = '\0';
    return count;
}

static bool is_mobile(const char *d)
{
    return strlen(d) == 11 && d[0] == '1' && d[1] >= '3';
}

/* 010 and 02x have 8 digits after them, the other area codes four digits and 7 or 8 after them. */
static bool is_landline(const char *d)
{
    size_t n = strlen(d);

    if (n < 11 || d[0] != '0')
        return false;
    if (d[1] == '2' || (d[1] == '1' && d[2] == '0'))
        return n == 11 && d[3] >= '2';
    return d[1] >= '3' && n <= 12 && d[4] >= '2';
}

static bool is_service(const char *d)
{
    return strlen(d) == 10 && (strncmp(d, "400", 3) == 0 || strncmp(d, "800", 3) == 0);
}

/* A number inside China as it is dialled. with_country: the country code stood before it, so the zero of the
 * area code is rightly missing. */
static const char *phone_national(const char *d, bool with_country, char out[PHONE_TEXT])
{
    char zero[PHONE_TEXT + 1] = "0";
    size_t n = strlen(d);

    if (is_mobile(d) || is_landline(d) || is_service(d)) {
        memcpy(out, d, n + 1);
        return NULL;
    }
    if (d[0] == '0' && is_mobile(d + 1)) {
        memcpy(out, d + 1, n);
        return NULL;
    }
    memcpy(zero + 1, d, n + 1);
    if (is_landline(zero)) {
        if (!with_country)
            return "phone.zero_lost";
        memcpy(out, zero, n + 2);
        return NULL;
    }
    return (n == 7 || n == 8) && d[0] >= '2' && !with_country ? "phone.area" : "phone.invalid";
}

static const char *phone_foreign(const char *d, char out[PHONE_TEXT])
{
    size_t n = strlen(d);

    if (n < 7 || n > 15 || d[0] == '0')
        return "phone.invalid";
    out[0] = '+';
    memcpy(out + 1, d, n + 1);
    return NULL;
}

const char *phone_normal(const char *s, char out[PHONE_TEXT])
{
    char raw[RAW_MAX], digits[PHONE_TEXT];
    const char *d = digits;
    bool plus;

    out[0] = '\0';
    if (!halfwidth_copy(s, raw) || phone_digits(raw, digits, 18, &plus) < 3)
        return "phone.invalid";
    if (!plus && strncmp(d, "00", 2) == 0) {
        plus = true;
        d += 2;
    }
    if (strncmp(d, "86", 2) == 0 && (plus || phone_national(d + 2, true, out) == NULL))
        return phone_national(d + 2, true, out);
    return plus ? phone_foreign(d, out) : phone_national(d, false, out);
}

/* ---- e-mail ---------------------------------------------------------------------------------------- */

/* Where the letters of other scripts stand; symbols, punctuation and what nobody sees lie between. */
static bool email_foreign(uint32_t c)
{
    return (c >= 0xC0 && c < 0x2000 && c != 0x61C && !(c >= 0x180B && c <= 0x180F)) ||
           (c >= 0x3040 && c < 0xD800) || (c >= 0x20000 && c < 0x40000);
}

static bool email_local_char(uint32_t c)
{
    return is_lower(c) || is_digit(c) || (c < 0x80 && c && strchr("!#$%&'*+/=?^_`{|}~-.", (int)c)) ||
           email_foreign(c);
}

static bool email_domain_char(uint32_t c)
{
    return is_lower(c) || is_digit(c) || c == '-' || c == '.' || email_foreign(c);
}

/* Dots stand between parts, never at an end or twice; dashes of a domain never at the end of a label. */
static bool email_part(const char *s, size_t n, bool domain)
{
    size_t len;

    if (n == 0 || s[0] == '.' || s[n - 1] == '.')
        return false;
    for (size_t i = 0; i < n; i += len) {
        uint32_t c = text_char(s + i, n - i, &len);

        if (domain ? !email_domain_char(c) : !email_local_char(c))
            return false;
        if (c == '.' && s[i + 1] == '.')
            return false;
        if (domain && c == '-' && (i == 0 || s[i - 1] == '.' || i + 1 == n || s[i + 1] == '.'))
            return false;
    }
    return true;
}

/* The last label is no number and not a single letter: what remains of a domain cut off. */
static bool email_top_label(const char *s, size_t n)
{
    size_t at = n;

    while (at > 0 && s[at - 1] != '.')
        at--;
    return at > 0 && n - at >= 2 && !is_digit((unsigned char)s[at]);
}

/* s without unseen characters at its ends, ASCII lower-cased, or NULL if it does not fit. */
static const char *email_fold(const char *s, char out[EMAIL_TEXT])
{
    size_t n = strlen(s), len, used = 0, end = 0;

    for (size_t i = 0; i < n; i += len) {
        uint32_t c = text_char(s + i, n - i, &len);

        if (unseen(c) && used == 0)
            continue;
        if (used + 4 >= EMAIL_TEXT)
            return NULL;
        used += text_put(out + used, c >= 'A' && c <= 'Z' ? c + 32 : c);
        if (!unseen(c))
            end = used;
    }
    out[end] = '\0';
    return out;
}

const char *email_normal(const char *s, char out[EMAIL_TEXT])
{
    char raw[RAW_MAX];
    const char *at = NULL;

    if (halfwidth_copy(s, raw) && email_fold(raw, out))
        at = strchr(out, '@');
    if (at && !strchr(at + 1, '@') && at - out <= 64 && email_part(out, (size_t)(at - out), false) &&
        email_part(at + 1, strlen(at + 1), true) && email_top_label(at + 1, strlen(at + 1)))
        return NULL;
    out[0] = '\0';
    return "email.invalid";
}

/* ---- id numbers ------------------------------------------------------------------------------------ */

static int number_of(const char *s, int n)
{
    int v = 0;

    for (int i = 0; i < n; i++)
        v = v * 10 + (s[i] - '0');
    return v;
}

void idno_birthday(const char *normal, int *year, int *month, int *day)
{
    *year = number_of(normal + 6, 4);
    *month = number_of(normal + 10, 2);
    *day = number_of(normal + 12, 2);
}

static bool idno_date_exists(const char *s)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int y, m, d;

    idno_birthday(s, &y, &m, &d);
    if (y < 1850 || y > 2199 || m < 1 || m > 12 || d < 1)
        return false;
    return d <= days[m - 1] + (m == 2 && (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)));
}

/* GB 11643-1999: the sum of digit i times 2^(17-i) mod 11, and the last place, make 1 mod 11. */
static char idno_check(const char *s)
{
    int sum = 0;

    for (int i = 0; i < 17; i++)
        sum += (s[i] - '0') * (int)((1 << (17 - i)) % 11);
    return "10X98765432"[sum % 11];
}

const char *idno_normal(const char *s, char out[IDNO_TEXT])
{
    char raw[RAW_MAX], id[IDNO_TEXT];
    size_t len, used = 0;

    out[0] = '\0';
    if (!halfwidth_copy(s, raw))
        return "id_number.invalid";
    for (size_t i = 0, n = strlen(raw); i < n; i += len) {
        uint32_t c = text_char(raw + i, n - i, &len);

        if (unseen(c) || (c == '\'' && i == 0))
            continue;
        if (used == 18 || !(is_digit(c) || (used == 17 && (c == 'x' || c == 'X'))))
            return "id_number.invalid";
        id[used++] = c == 'x' ? 'X' : (char)c;
    }
    id[used] = '\0';
    if (used != 18 || id[0] == '0' || !idno_date_exists(id))
        return "id_number.invalid";
    if (idno_check(id) != id[17])
        return "id_number.checksum";
    memcpy(out, id, 19);
    return NULL;
}

const char *contact_normal(const char *field, const char *s, char out[EMAIL_TEXT])
{
    if (strcmp(field, "email") == 0)
        return email_normal(s, out);
    return strcmp(field, "id_no") == 0 ? idno_normal(s, out) : phone_normal(s, out);
}
