#include "core/guard/cursor.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "core/guard/keys.h"

enum { STEP = 64, BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
       BOX_MAX = CURSOR_PLACE + KEYS_SEAL_EXTRA };

_Static_assert(CURSOR_PLACE % STEP == 0 && (BOX_MAX * 4 + 2) / 3 <= CURSOR_MAX, "the longest place fits");

/* The sealed value's "table" is this, its "column" the list's digest: no row's value passes for a cursor. */
static const char table[] = "cursor";

static void add_part(crypto_generichash_state *h, const char *s)
{
    if (s)
        crypto_generichash_update(h, (const unsigned char *)s, strlen(s));
    crypto_generichash_update(h, (const unsigned char *)"", 1);     /* where the next one begins */
}

static const char *digest(struct cursor_list *list)
{
    unsigned char sum[CURSOR_LIST];
    crypto_generichash_state h;
    if (*list->digest)
        return list->digest;
    crypto_generichash_init(&h, NULL, 0, sizeof sum);
    add_part(&h, list->name);
    add_part(&h, list->order);
    add_part(&h, list->where);
    crypto_generichash_final(&h, sum, sizeof sum);
    return sodium_bin2hex(list->digest, sizeof list->digest, sum, sizeof sum);
}

const char *cursor_seal(const struct ctx *c, struct cursor_list *list, const char *place)
{
    const struct sealer *s = db_sealer(c->db);
    char plain[CURSOR_PLACE] = "";
    size_t n = strlen(place), padded = (n + STEP - 1) / STEP * STEP, len;
    assert(n && n <= sizeof plain);
    memcpy(plain, place, n);
    const void *box = s->seal(s->self, c->arena, table, digest(list), 0, plain, padded, &len);
    size_t room = sodium_base64_encoded_len(len, BASE64);
    return sodium_bin2base64(arena_alloc(c->arena, room), room, box, len, BASE64);
}

/* Is it one of the keys that are known here? The sealer reads the key file again for any other, and this
 * number is whatever a caller wrote. */
static bool known_key(const struct keys *k, int number)
{
    for (size_t i = 0; number && i < keys_count(k); i++)
        if (keys_info(k, i).number == number)
            return true;
    return false;
}

const char *cursor_open(const struct ctx *c, struct cursor_list *list, const char *cursor)
{
    const struct sealer *s = db_sealer(c->db);
    unsigned char box[BOX_MAX];
    const char *place = NULL;
    size_t len = 0;
    if (sodium_base642bin(box, sizeof box, cursor, strlen(cursor), NULL, &len, NULL, BASE64) == 0 &&
        known_key(s->self, keys_number_of(box, len)))       /* self: keys_sealer() of the database's keys */
        place = s->open(s->self, c->arena, table, digest(list), 0, box, len, NULL);
    if (!place)
        fail_field(c->e, ST_INVALID, "cursor", "list.cursor", NULL);
    return place;
}
